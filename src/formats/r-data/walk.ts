import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { CODE } from './codes.ts';
import { openRInput, type RInput } from './input.ts';

/** What is remembered of a value: enough to see which function a call names. */
export interface RValue {
  readonly code: number;
  /** Name of a symbol, or a short string. */
  readonly text?: string;
  /** Function that a call names: `system`, or `base::system`. */
  readonly head?: string;
}

/** Where a value stands. */
export interface RPlace {
  /** It is bound to a name in an environment. */
  readonly binding: boolean;
  /** Nearest code around it. */
  readonly inside: 'data' | 'closure' | 'promise';
  /** It is the list of bindings of an environment itself, or the hash table of such lists. */
  readonly bindings?: 'list' | 'table';
}

/** What a walk reports, in the order of the stream. */
export type REvent =
  | { readonly kind: 'call'; readonly head: string; readonly args: readonly RValue[]; readonly place: RPlace; readonly offset: number }
  | { readonly kind: 'closure' | 'bytecode'; readonly place: RPlace; readonly offset: number }
  | { readonly kind: 'promise'; readonly value: RValue; readonly expression: RValue; readonly place: RPlace; readonly offset: number }
  | { readonly kind: 'altrep'; readonly name: string; readonly offset: number }
  | { readonly kind: 'raw'; readonly offset: number; readonly length: number };

type Sink = (value: RValue) => void;

/** Why 100,000: R reads recursively and runs out of C stack long before. */
const MAX_OPEN = 100_000;
const MAX_ARGS = 4;
const TOP: RPlace = { binding: false, inside: 'data' };

/** Walks one serialised object without recursion and without building it; returns the offset behind it. */
export function* walkRData(source: ByteSource, start: number, step: () => void): Generator<REvent, number> {
  const walk = new RWalk(openRInput(source, start), source);
  walk.header();
  walk.item(TOP);
  while (walk.next(step)) yield* walk.events.splice(0);
  yield* walk.events.splice(0);
  return walk.offset;
}

/** The state of a walk: tasks still to do, symbols and environments that later bytes refer to. */
class RWalk {
  readonly events: REvent[] = [];
  readonly #input: RInput;
  readonly #source: ByteSource;
  readonly #tasks: (() => void)[] = [];
  readonly #references: RValue[] = [];

  constructor(input: RInput, source: ByteSource) {
    this.#input = input;
    this.#source = source;
  }

  get offset(): number {
    return this.#input.offset;
  }

  header(): void {
    const version = this.#input.int();
    if (version !== 2 && version !== 3) throw new CordonError('format.unsupported', `R serialisation version ${version}`);
    this.#input.int();
    this.#input.int();
    if (version === 3) this.#input.text(this.#count(this.#input.int()));
  }

  next(step: () => void): boolean {
    const task = this.#tasks.pop();
    if (task === undefined) return false;
    step();
    if (this.#tasks.length > MAX_OPEN) throw malformed('R data is nested too deeply', this.offset);
    task();
    return true;
  }

  item(place: RPlace, sink?: Sink): void {
    this.#tasks.push(() => this.#read(place, sink));
  }

  /** Puts tasks on the stack so that they run in the order given. */
  #queue(...tasks: readonly (() => void)[]): void {
    for (const task of tasks.toReversed()) this.#tasks.push(task);
  }

  #count(length: number): number {
    if (length < 0 || length > this.#source.size - this.offset) throw malformed('length is negative or leaves the file', this.offset);
    return length;
  }

  /** Vector length: -1 announces two words for long vectors. */
  #length(): number {
    const length = this.#input.int();
    if (length !== -1) return this.#count(length);
    const [high, low] = [this.#input.int(), this.#input.int()];
    return this.#count(high * 2 ** 32 + (low >>> 0));
  }

  #read(place: RPlace, sink: Sink | undefined): void {
    const { offset } = this;
    const flags = this.#input.int();
    const code = flags & 0xff;
    const hasAttributes = (flags & 0x200) !== 0;
    const hasTag = (flags & 0x400) !== 0;
    if (code === CODE.reference) {
      const index = flags >>> 8 || this.#input.int();
      const value = this.#references[index - 1];
      if (value === undefined) throw malformed('reference to nothing', offset);
      sink?.(value);
    } else if (code === CODE.symbol) {
      this.item(place, ({ text }) => {
        const symbol: RValue = { code, text: text ?? '' };
        this.#references.push(symbol);
        sink?.(symbol);
      });
    } else if (code === CODE.pairlist || code === CODE.dots) this.#pair(code, hasAttributes, hasTag, place, sink);
    else if (code === CODE.language) this.#language(hasAttributes, hasTag, place, offset, sink);
    else if (code === CODE.closure) this.#closure(hasAttributes, hasTag, place, offset, sink);
    else if (code === CODE.promise) this.#promise(hasAttributes, hasTag, place, offset, sink);
    else if (code === CODE.environment) this.#environment(sink);
    else if (code === CODE.namespace || code === CODE.package || code === CODE.persistent) this.#named(code, sink);
    else if (code === CODE.altrep) this.#altrep(offset, sink);
    else this.#plain(code, hasAttributes, place, offset, sink);
  }

  /** A cell of a pairlist; its tail is read last, so that long lists need no stack. */
  #pair(code: number, hasAttributes: boolean, hasTag: boolean, place: RPlace, sink: Sink | undefined, args?: RValue[]): void {
    const inner = insideOf(place);
    const element = place.bindings === 'list' ? { ...inner, binding: true } : inner;
    this.#queue(
      ...(hasAttributes ? [() => this.#read(inner, undefined)] : []),
      ...(hasTag ? [() => this.#read(inner, undefined)] : []),
      () =>
        this.#read(element, (value) => {
          if (args !== undefined && args.length < MAX_ARGS) args.push(value);
        }),
      () => this.#tail(place, args),
    );
    sink?.({ code });
  }

  /** The rest of a pairlist. */
  #tail(place: RPlace, args: RValue[] | undefined): void {
    if (args === undefined) {
      this.#read(place, undefined);
      return;
    }
    const { offset } = this;
    const flags = this.#input.int();
    if ((flags & 0xff) === CODE.pairlist) this.#pair(CODE.pairlist, (flags & 0x200) !== 0, (flags & 0x400) !== 0, place, undefined, args);
    else if ((flags & 0xff) !== CODE.nil) throw malformed('arguments of a call are no list', offset);
  }

  #language(hasAttributes: boolean, hasTag: boolean, place: RPlace, offset: number, sink: Sink | undefined): void {
    const args: RValue[] = [];
    const inner = insideOf(place);
    let head = '';
    this.#queue(
      ...(hasAttributes ? [() => this.#read(inner, undefined)] : []),
      ...(hasTag ? [() => this.#read(inner, undefined)] : []),
      () =>
        this.#read(inner, (value) => {
          head = value.code === CODE.language ? (value.head ?? '') : (value.text ?? '');
        }),
      () => this.#tail(inner, args),
      () => {
        this.events.push({ kind: 'call', head, args, place, offset });
        sink?.({ code: CODE.language, head: qualified(head, args) });
      },
    );
  }

  #closure(hasAttributes: boolean, hasTag: boolean, place: RPlace, offset: number, sink: Sink | undefined): void {
    this.events.push({ kind: 'closure', place, offset });
    const data = insideOf(place);
    // Why: a function inside a promise is only made there; one that is called shows in a call around it.
    const inner: RPlace = place.inside === 'promise' ? data : { binding: false, inside: 'closure' };
    this.#queue(
      ...(hasAttributes ? [() => this.#read(data, undefined)] : []),
      ...(hasTag ? [() => this.#read(data, undefined)] : []),
      () => this.#read(inner, undefined),
      () => this.#read(inner, undefined),
    );
    sink?.({ code: CODE.closure });
  }

  #promise(hasAttributes: boolean, hasTag: boolean, place: RPlace, offset: number, sink: Sink | undefined): void {
    const data = insideOf(place);
    const inner: RPlace = { binding: false, inside: 'promise' };
    let value: RValue = { code: CODE.nil };
    let expression: RValue = { code: CODE.nil };
    this.#queue(
      ...(hasAttributes ? [() => this.#read(data, undefined)] : []),
      ...(hasTag ? [() => this.#read(data, undefined)] : []),
      () => this.#read(data, (read) => (value = read)),
      () => this.#read(inner, (read) => (expression = read)),
      () => this.events.push({ kind: 'promise', value, expression, place, offset }),
    );
    sink?.({ code: CODE.promise });
  }

  #environment(sink: Sink | undefined): void {
    this.#input.int();
    const value = { code: CODE.environment };
    this.#references.push(value);
    this.#queue(
      () => this.#read(TOP, undefined),
      () => this.#read({ ...TOP, bindings: 'list' }, undefined),
      () => this.#read({ ...TOP, bindings: 'table' }, undefined),
      () => this.#read(TOP, undefined),
    );
    sink?.(value);
  }

  /** A package, namespace or persistent name: strings that stand for an environment. */
  #named(code: number, sink: Sink | undefined): void {
    if (this.#input.int() !== 0) throw malformed('names in a persistent string', this.offset);
    const length = this.#length();
    const value = { code };
    this.#repeat(length, () => this.#read(TOP, undefined));
    this.#references.push(value);
    sink?.(value);
  }

  #altrep(offset: number, sink: Sink | undefined): void {
    let name = '';
    this.#queue(
      () => this.#altrepClass((text) => (name ||= text)),
      () => this.events.push({ kind: 'altrep', name, offset }),
      () => this.#read(TOP, undefined),
      () => this.#read(TOP, undefined),
    );
    sink?.({ code: CODE.altrep });
  }

  /** The class of an ALTREP object: a pairlist of class name, package name and type. */
  #altrepClass(found: (name: string) => void): void {
    const flags = this.#input.int();
    if ((flags & 0xff) !== CODE.pairlist) throw malformed('ALTREP without a class', this.offset);
    const parts: RValue[] = [];
    this.#tasks.push(() => found(`${parts[1]?.text ?? ''}::${parts[0]?.text ?? ''}`));
    this.#pair(CODE.pairlist, (flags & 0x200) !== 0, (flags & 0x400) !== 0, TOP, undefined, parts);
  }

  #repeat(count: number, task: () => void): void {
    let left = count;
    const again = (): void => {
      if (left-- <= 0) return;
      this.#tasks.push(again);
      task();
    };
    this.#tasks.push(again);
  }

  #plain(code: number, hasAttributes: boolean, place: RPlace, offset: number, sink: Sink | undefined): void {
    const inner = insideOf(place);
    if (hasAttributes) this.#tasks.push(() => this.#read(inner, undefined));
    let value: RValue = { code };
    if (code === CODE.char) {
      const length = this.#input.int();
      if (length !== -1) value = { code, text: length === 0 ? '' : this.#input.text(this.#count(length)) };
    } else if (code === CODE.logical || code === CODE.integer) this.#input.skipInts(this.#length());
    else if (code === CODE.real) this.#input.skipReals(this.#length());
    else if (code === CODE.complex) this.#input.skipReals(this.#length() * 2);
    else if (code === CODE.raw) {
      const length = this.#length();
      this.events.push({ kind: 'raw', offset: this.offset, length });
      this.#input.skipRaw(length);
    } else if (code === CODE.special || code === CODE.builtin) value = { code, text: this.#input.text(this.#count(this.#input.int())) };
    else if (code === CODE.string) {
      this.#strings(sink);
      return;
    } else if (code === CODE.vector || code === CODE.expression) {
      // Why: the table of an environment is a vector of pairlists, whose values are bindings as well.
      const element: RPlace = code === CODE.vector && place.bindings === 'table' ? { ...inner, bindings: 'list' } : inner;
      this.#repeat(this.#length(), () => this.#read(element, undefined));
    } else if (code === CODE.bytecode) {
      this.events.push({ kind: 'bytecode', place, offset });
      this.#input.int();
      this.#tasks.push(() => this.#bytecode(inner));
    } else if (code === CODE.externalPointer) {
      this.#references.push(value);
      this.#queue(
        () => this.#read(inner, undefined),
        () => this.#read(inner, undefined),
      );
    } else if (code === CODE.weakReference) this.#references.push(value);
    else if (!isConstant(code)) throw malformed(`unknown R type ${code}`, offset);
    sink?.(value);
  }

  /** Character vector; a vector of one is worth remembering, because functions can be named by a string. */
  #strings(sink: Sink | undefined): void {
    const length = this.#length();
    let text: string | undefined;
    this.#repeat(length, () =>
      this.#read(TOP, (value) => {
        text ??= value.text;
        if (length === 1) sink?.({ code: CODE.string, ...(text === undefined ? {} : { text }) });
      }),
    );
    if (length !== 1) sink?.({ code: CODE.string });
  }

  /** Byte code: the instructions, then constants, in which calls are spelled out for error messages. */
  #bytecode(place: RPlace): void {
    this.#queue(
      () => this.#read(place, undefined),
      () => {
        const count = this.#count(this.#input.int());
        this.#repeat(count, () => this.#bytecodeConstant(this.#input.int(), place));
      },
    );
  }

  #bytecodeConstant(type: number, place: RPlace): void {
    if (type === CODE.bytecode) this.#bytecode(place);
    else this.#bytecodeLanguage(type, place, undefined);
  }

  /** Language inside byte code has a type word of its own in front of every part. */
  #bytecodeLanguage(type: number, place: RPlace, sink: Sink | undefined): void {
    const { offset } = this;
    let code = type;
    if (code === CODE.bytecodeReference) {
      this.#input.int();
      return;
    }
    if (code === CODE.bytecodeDefinition) {
      this.#input.int();
      code = this.#input.int();
    }
    const attributed = code === CODE.attributedLanguage || code === CODE.attributedPairlist;
    const isCall = code === CODE.language || code === CODE.attributedLanguage;
    if (!isCall && !attributed && code !== CODE.pairlist) {
      this.#read(place, sink);
      return;
    }
    let head = '';
    const args: RValue[] = [];
    const keep = (value: RValue): void => {
      if (args.length < MAX_ARGS) args.push(value);
    };
    this.#queue(
      ...(attributed ? [() => this.#read(place, undefined)] : []),
      () => this.#read(place, undefined),
      () =>
        this.#bytecodeLanguage(this.#input.int(), place, (value) => {
          if (isCall) head = value.head ?? value.text ?? '';
          else keep(value);
        }),
      () => this.#bytecodeLanguage(this.#input.int(), place, keep),
      () => {
        if (isCall) this.events.push({ kind: 'call', head, args, place, offset });
        if (isCall) sink?.({ code, head: qualified(head, args) });
        else for (const value of args) sink?.(value);
      },
    );
  }
}

/** The place of a part of a value. */
function insideOf({ inside }: RPlace): RPlace {
  return { binding: false, inside };
}

/** `::` and `:::` are calls themselves: their name is that of what they look up. */
function qualified(head: string, args: readonly RValue[]): string {
  if (head !== '::' && head !== ':::') return head;
  return `${args[0]?.text ?? ''}::${args[1]?.text ?? ''}`;
}

function isConstant(code: number): boolean {
  return (
    code === CODE.s4 || (code >= CODE.baseEnvironment && code <= CODE.emptyEnvironment) || (code >= CODE.baseNamespace && code <= CODE.nil)
  );
}

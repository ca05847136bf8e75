import type { Observation } from '../../core/finding.ts';
import type { CallVia, Oddity, PickleListener } from '../../formats/pickle/events.ts';
import { legacyModuleClass, type TorchStorage, torchStorage } from '../../formats/pickle/legacy-torch.ts';
import { type Bytes, type Global, type Made, OPAQUE, qualifiedName, type Value } from '../../formats/pickle/values.ts';
import { callSpecial, heedsArguments, isShared } from './special-callees.ts';
import { classify, isMetaclass, type NameClass } from './classify.ts';
import { evaluatesText, hostileArgument } from './construction.ts';
import type { PickleRuleId } from './rules.ts';

export type PickleObservation = Observation<PickleRuleId>;

/** Distinct names and keys kept for one stream. Why: ordinary pickles name a few dozen; a hostile one could name millions. */
const KEPT_KEYS = 5000;

/** Bytes or text inside a stream that may be a nested pickle or archive. */
export interface Payload {
  readonly offset: number;
  readonly length: number;
  /** `latin1`: Latin-1 text stored as UTF-8, the way protocol 2 stores bytes; `escaped`: as a line with escapes, protocol 0. */
  readonly encoding: 'bytes' | 'latin1' | 'escaped';
  /** The content itself, one character a byte, where it does not stand in the file as such. */
  readonly content?: string;
  /** The loader reads it as a Keras archive. */
  readonly keras?: true;
}

/** Why as many as members: with more the scan reaches its limit, which blocks. */
const NESTED_PAYLOADS = 100_001;
const KEPT_STORAGES = 1_000_000;

/** Hears one stream and turns what it does into observations. */
export class Analysis implements PickleListener {
  readonly imports = new Map<string, NameClass>();
  readonly storages = new Map<string, TorchStorage>();
  readonly payloads: Payload[] = [];
  calls = 0;
  readonly #found = new Map<string, PickleObservation>();
  readonly #referred = new Map<string, { global: Global; offset: number }>();
  readonly #called = new Set<string>();
  readonly #sorts = new WeakMap<Global, NameClass>();

  /** All observations, references that were also called left out. */
  observations(): PickleObservation[] {
    const references = [...this.#referred]
      .filter(([name]) => !this.#called.has(name))
      .flatMap(([, { global, offset }]) => this.#reference(global, offset));
    return [...this.#found.values(), ...references];
  }

  /** The class of a name; judged once for each object. */
  sortOf(global: Global): NameClass {
    let sort = this.#sorts.get(global);
    if (sort === undefined) {
      sort = classify(global);
      this.#sorts.set(global, sort);
    }
    return sort;
  }

  import(global: Global, offset: number): void {
    const name = qualifiedName(global);
    const known = this.imports.get(name);
    if (known !== undefined) {
      this.#sorts.set(global, known);
      return;
    }
    const sort = this.sortOf(global);
    if (this.imports.size < KEPT_KEYS) this.imports.set(name, sort);
    // Why no common limit: thousands of harmless imports must not crowd out the one that matters.
    const limit = sort === 'danger' || sort === 'code' ? 2 * KEPT_KEYS : KEPT_KEYS;
    if (sort !== 'inert' && sort !== 'inert-class' && this.#referred.size < limit) this.#referred.set(name, { global, offset });
  }

  call(callee: Value, args: Value, via: CallVia, offset: number): Value | undefined {
    this.calls++;
    if (typeof callee !== 'object' || callee.kind !== 'global') {
      this.observe('pickle.computed-call', via, `${via} calls an object that was computed while loading`, offset);
      return OPAQUE;
    }
    const sort = this.sortOf(callee);
    if (sort === 'inert') return callSpecial(this, callee, args, via, offset);
    const name = qualifiedName(callee);
    // Why: `__new__` of something that is no class fails, so that NEWOBJ never runs a function.
    const makes = via === 'NEWOBJ' || via === 'NEWOBJ_EX';
    if (sort === 'inert-class') return this.#construct(name, args, makes, via, offset);
    if (makes && sort === 'pure-function') return undefined;
    if (this.#called.size < 2 * KEPT_KEYS) this.#called.add(name);
    if (sort === 'danger') this.observe('pickle.dangerous-call', name, `calls ${name} (${via})`, offset, argumentsOf(args));
    else if (sort === 'code') this.observe('pickle.code-object', name, `makes code with ${name}`, offset);
    else if (makes) this.observe('pickle.unknown-class', name, `makes an object of ${name}`, offset);
    else if (sort === 'unknown-class') this.#makeUnknown(name, args, via, offset);
    else this.observe('pickle.unknown-call', name, `calls ${name} (${via})`, offset, argumentsOf(args));
    return undefined;
  }

  /** A class that is inert when made from plain data. */
  #construct(name: string, args: Value, makes: boolean, via: CallVia, offset: number): undefined {
    if (evaluatesText(name, args))
      this.observe('pickle.dangerous-call', name, `makes ${name} from a text, which it evaluates (${via})`, offset, argumentsOf(args));
    else if (isMetaclass(name) && typeof args === 'object' && args.kind === 'tuple' && args.length > 1)
      this.observe('pickle.dangerous-call', name, `makes a new class with ${name} (${via})`, offset, argumentsOf(args));
    else if (!makes && !EXCEPTION.test(name)) {
      const hostile = hostileArgument(args, true);
      if (hostile !== undefined)
        this.observe('pickle.unknown-call', name, `calls ${name} with ${hostile} (${via})`, offset, argumentsOf(args));
    }
    return undefined;
  }

  /** A class nothing is known of whose constructor runs. */
  #makeUnknown(name: string, args: Value, via: CallVia, offset: number): void {
    const hostile = hostileArgument(args, false);
    if (hostile === undefined) this.observe('pickle.unknown-class', name, `makes an object of ${name}`, offset);
    else this.observe('pickle.unknown-call', name, `calls ${name} with ${hostile} (${via})`, offset, argumentsOf(args));
  }

  heeds(callee: Global): boolean {
    return HEEDED.has(this.sortOf(callee)) || heedsArguments(callee);
  }

  build(object: Value, state: Value, offset: number): void {
    if (typeof object !== 'object') return;
    const name = SHARED_VALUES.has(object.kind) ? describe(object) : isShared(object) ? describe(object) : undefined;
    if (name !== undefined) this.observe('pickle.attribute-write', name, `overwrites attributes of ${name}`, offset);
    else if (object.kind === 'made' && typeof state === 'object') this.#noteContent(object, state);
    else if (object.kind === 'made' && object.by !== undefined && this.sortOf(object.by) === 'unknown-class')
      this.#makeUnknown(qualifiedName(object.by), { kind: 'tuple', items: [state], length: 1, weight: 1 }, 'REDUCE', offset);
  }

  write(object: Value, opcode: string, offset: number): void {
    if (typeof object === 'object' && object.kind === 'made' && isContainerMaker(object.by) && !isShared(object)) return;
    const key =
      typeof object === 'object' && object.kind === 'made' && object.by !== undefined ? qualifiedName(object.by) : describe(object);
    this.observe('pickle.item-write', key, `${opcode} on ${key}`, offset);
  }

  /** The bytes in an `io.BytesIO`, by the object that holds them: a nested loader may be given it. */
  readonly contents = new WeakMap<Value & object, Bytes>();

  #noteContent(object: Made, state: Value & object): void {
    if (object.by?.name !== 'BytesIO' || state.kind !== 'tuple') return;
    const [content] = state.items;
    if (typeof content === 'object' && content.kind === 'bytes') this.contents.set(object, content);
  }

  computedName(_module: Value, _name: Value, offset: number): void {
    this.imports.set('<computed>', 'danger');
    this.observe('pickle.computed-name', 'STACK_GLOBAL', 'imports a name that is not written in the file', offset);
  }

  extension(code: number, offset: number): void {
    this.imports.set(`<extension ${code}>`, 'danger');
    this.observe('pickle.extension-code', String(code), `loads extension code ${code}`, offset);
  }

  persistent(id: Value): Value | undefined {
    const storage = torchStorage(id);
    if (storage !== undefined && this.storages.size < KEPT_STORAGES) this.storages.set(storage.key, storage);
    return legacyModuleClass(id);
  }

  bytes(offset: number, length: number, head: Uint8Array): void {
    if (looksNested(head)) this.payload({ offset, length, encoding: 'bytes' });
  }

  text(offset: number, length: number, head: Uint8Array): void {
    if (looksNested(Buffer.from(Buffer.from(head).toString('utf8'), 'latin1'))) this.payload({ offset, length, encoding: 'latin1' });
  }

  /** Notes bytes that are scanned as a file of their own after the stream. */
  payload(payload: Payload): void {
    if (this.payloads.length < NESTED_PAYLOADS) this.payloads.push(payload);
  }

  oddity(kind: Oddity, detail: string, offset: number): void {
    if (kind === 'frame') this.observe('pickle.frame-mismatch', 'frame', detail, offset);
    else if (kind === 'memo-index') this.observe('pickle.huge-memo-index', 'memo', detail, offset);
    else if (kind === 'expansion') this.observe('pickle.expansion-bomb', 'expansion', detail, offset);
    else if (kind === 'protocol') this.observe('pickle.unusual-structure', kind, detail, offset);
  }

  /** Keeps the first observation for each rule and key. */
  observe(rule: PickleRuleId, key: string, message: string, offset: number, evidence: readonly string[] = []): void {
    const id = `${rule} ${key}`;
    if (this.#found.has(id)) return;
    if (this.#found.size >= KEPT_KEYS && (MILD.has(rule) || this.#found.size >= 2 * KEPT_KEYS)) return;
    const known = evidence.length === 0 ? {} : { evidence: { arguments: [...evidence] } };
    this.#found.set(id, { rule, key, message, at: { offset }, ...known });
  }

  #reference(global: Global, offset: number): PickleObservation[] {
    const name = qualifiedName(global);
    const sort = this.sortOf(global);
    const common = { key: name, at: { offset } };
    if (sort === 'danger') return [{ rule: 'pickle.dangerous-reference', message: `imports ${name}`, ...common }];
    if (sort === 'code') return [{ rule: 'pickle.code-object', message: `imports ${name}`, severity: 'high', ...common }];
    if (sort === 'unknown-function' || sort === 'known-function')
      return [{ rule: 'pickle.unknown-reference', message: `imports ${name}`, ...common }];
    if (sort === 'unknown-class' || sort === 'known-class')
      return [{ rule: 'pickle.unknown-reference', message: `imports the class ${name}`, severity: 'medium', ...common }];
    return [];
  }
}

/** Rules that only ask for a look: many of them must not crowd out one that blocks. */
const MILD: ReadonlySet<PickleRuleId> = new Set(['pickle.unknown-class', 'pickle.unknown-reference', 'pickle.unusual-structure']);
/** Constructors that keep a message. */
const EXCEPTION = /(Error|Exception|Warning)$/;
/** Names whose judgement hangs on the arguments of the call. */
const HEEDED: ReadonlySet<NameClass> = new Set(['inert-class', 'unknown-class']);
/** Values that are not objects of this stream alone, or of which nothing is known. */
const SHARED_VALUES: ReadonlySet<string> = new Set(['global', 'extension', 'opaque', 'lost']);

/** Objects that take items by themselves: dict and list subclasses are classes, tensors and arrays come out of functions. */
function isContainerMaker(by: Global | undefined): boolean {
  if (by === undefined) return false;
  const last = by.name.slice(by.name.lastIndexOf('.') + 1);
  if (/Tensor$|Storage$|Parameter$|^ndarray$/.test(last)) return false;
  return CONTAINER_TYPES.has(last) || /^_*[A-Z]/.test(last) || last === '_reconstructor' || last === '__newobj__';
}

const CONTAINER_TYPES: ReadonlySet<string> = new Set(['dict', 'list', 'set', 'bytearray', 'deque', 'defaultdict', 'array', 'chain']);

/** The first bytes of a pickle, an archive, a compressed stream or a program. */
export function looksNested(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  switch (a) {
    case 0x80:
      return b !== undefined && b <= 5;
    case 0x50:
      return b === 0x4b && c === 3 && d === 4;
    case 0x1f:
      return b === 0x8b;
    case 0x78:
      return b === 0x01 || b === 0x5e || b === 0x9c || b === 0xda;
    case 0x42:
      return b === 0x5a && c === 0x68;
    case 0xfd:
      return b === 0x37 && c === 0x7a && d === 0x58;
    case 0x37:
      return b === 0x7a && c === 0xbc && d === 0xaf;
    case 0x7f:
      return b === 0x45 && c === 0x4c && d === 0x46;
    case 0x63:
    case 0x28:
      return NAME_LINE.test(Buffer.from(head).toString('latin1'));
    case 0x8c:
      return NAMES.test(Buffer.from(head).toString('latin1'));
    case 0x95:
      return head.length > 9 && head.subarray(4, 9).every((byte) => byte === 0);
    default:
      return false;
  }
}

const NAME_LINE = /^\(*(S'[^'\n]*'\n)*[ci][A-Za-z_][\w.]*\n[A-Za-z_]/;
/** Two short texts, as they stand before `STACK_GLOBAL` in a stream without `PROTO`. */
const NAMES = /^\x8c[^][\w.]+\x94?\x8c[^]\w/;

/** Short texts among the arguments of a call: what a reader wants to see first. Cut, so that no report carries a payload. */
function argumentsOf(args: Value): string[] {
  if (typeof args !== 'object' || args.kind !== 'tuple') return [];
  return args.items.slice(0, 4).map((item) => (typeof item === 'string' ? item.slice(0, 80) : describe(item)));
}

/** A word for a value that is not named. */
function describe(value: Value): string {
  if (typeof value !== 'object') return typeof value === 'number' ? String(value) : 'a text';
  if (value.kind === 'global') return qualifiedName(value);
  return value.kind === 'made' && value.by !== undefined ? `${qualifiedName(value.by)}()` : `<${value.kind}>`;
}

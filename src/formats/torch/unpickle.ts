import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { Op } from '../pickle/opcodes.ts';
import { Window } from '../pickle/window.ts';
import { importGlobal, importOrLeaveOut } from './globals.ts';
import { isKind, rebuild, storageOf } from './rebuild.ts';
import { quote, refused } from './refuse.ts';
import { describe, type Dict, type Global, type Ignored, type Opaque, type Value } from './values.ts';

/** Longer texts are no keys of a state dict. */
const MAX_TEXT = 64 * 1024;
/** Why: every value costs memory; models with the most tensors need a twentieth of this. */
const MAX_VALUES = 8_000_000;
const MAX_LINE = 4096;
const HIGHEST_PROTOCOL = 5;

/** What happens to objects that are neither tensors nor dicts of them. */
export type Others = 'refuse' | 'leave-out';

/**
 * Reads the pickle of a state dict exactly and executes nothing: a few opcodes, a few names, and calls of which it is known what
 * they make. Throws `convert.refused` at everything else, with the byte. With `leave-out`, objects of other names are seen and never
 * made: each stands for itself as {@link Opaque}, with what it would have been made from.
 */
export function unpickle(source: ByteSource, budget: Budget, others: Others = 'refuse'): Value {
  return new Unpickler(source, budget, others).run();
}

/** The stack machine behind {@link unpickle}. */
class Unpickler {
  readonly #window: Window;
  readonly #budget: Budget;
  readonly #leavesOut: boolean;
  readonly #memo = new Map<number, Value>();
  /** Stacks set aside at each MARK. */
  readonly #marked: Value[][] = [];
  #stack: Value[] = [];
  #values = 0;
  /** Byte of the opcode at work. */
  #at = 0;

  constructor(source: ByteSource, budget: Budget, others: Others) {
    this.#window = new Window(source);
    this.#budget = budget;
    this.#leavesOut = others === 'leave-out';
  }

  run(): Value {
    for (;;) {
      this.#at = this.#window.offset;
      const opcode = this.#window.u8();
      if (opcode === Op.STOP) break;
      if ((++this.#values & 0xfff) === 0) this.#budget.checkTime();
      if (this.#values > MAX_VALUES) throw refused(`more than ${MAX_VALUES} values`, this.#at);
      this.#step(opcode);
    }
    const result = this.#pop();
    if (this.#stack.length > 0 || this.#marked.length > 0 || !this.#window.atEnd()) throw refused('more than one value', this.#at);
    return result;
  }

  #step(opcode: number): void {
    const window = this.#window;
    switch (opcode) {
      case Op.PROTO:
        if (window.u8() > HIGHEST_PROTOCOL) throw refused('an unknown pickle protocol', this.#at);
        return;
      case Op.FRAME:
        window.u64();
        return;
      case Op.MARK:
        this.#marked.push(this.#stack);
        this.#stack = [];
        return;
      case Op.NONE:
        return this.#push(null);
      case Op.NEWTRUE:
        return this.#push(true);
      case Op.NEWFALSE:
        return this.#push(false);
      case Op.BININT:
        return this.#push(window.i32());
      case Op.BININT1:
        return this.#push(window.u8());
      case Op.BININT2:
        return this.#push(window.u16());
      case Op.LONG1:
        return this.#push(this.#long(window.u8()));
      case Op.BINFLOAT:
        return this.#push(window.f64BigEndian());
      case Op.SHORT_BINUNICODE:
        return this.#push(this.#text(window.u8()));
      case Op.BINUNICODE:
        return this.#push(this.#text(window.u32()));
      case Op.SHORT_BINBYTES:
        return this.#push(this.#skip(window.u8(), 'bytes'));
      case Op.BINBYTES:
        return this.#push(this.#skip(window.u32(), 'bytes'));
      case Op.EMPTY_TUPLE:
        return this.#push({ kind: 'tuple', items: [] });
      case Op.TUPLE1:
      case Op.TUPLE2:
      case Op.TUPLE3:
        return this.#tuple(opcode - Op.TUPLE1 + 1);
      case Op.TUPLE:
        return this.#push({ kind: 'tuple', items: this.#popMark() });
      case Op.EMPTY_LIST:
        return this.#push(this.#leavesOut ? { kind: 'list', parts: [] } : { kind: 'list' });
      case Op.EMPTY_DICT:
        return this.#push({ kind: 'dict', entries: new Map(), strangeKey: undefined });
      case Op.APPEND:
        return this.#append([this.#pop()]);
      case Op.APPENDS:
        return this.#append(this.#popMark());
      case Op.SETITEM:
        return this.#setItems(this.#popTwo());
      case Op.SETITEMS:
        return this.#setItems(this.#popMark());
      default:
        return this.#stepByName(opcode);
    }
  }

  /** The opcodes of the memo, and those that make something by its name. */
  #stepByName(opcode: number): void {
    const window = this.#window;
    switch (opcode) {
      case Op.BINPUT:
        return this.#put(window.u8());
      case Op.LONG_BINPUT:
        return this.#put(window.u32());
      case Op.MEMOIZE:
        return this.#put(this.#memo.size);
      case Op.BINGET:
        return this.#get(window.u8());
      case Op.LONG_BINGET:
        return this.#get(window.u32());
      case Op.GLOBAL: {
        const [module, name] = [window.line(MAX_LINE).text, window.line(MAX_LINE).text];
        return this.#push(this.#imported(module, name));
      }
      case Op.STACK_GLOBAL: {
        const [module, name] = this.#popTwo();
        if (typeof module !== 'string' || typeof name !== 'string') throw refused('a name that is not written as text', this.#at);
        return this.#push(this.#imported(module, name));
      }
      case Op.REDUCE: {
        const [callee, args] = this.#popTwo();
        if (isKind(callee, 'opaque')) return this.#push(opaqueOf(callee, args));
        if (!isKind(callee, 'global') || !isKind(args, 'tuple')) throw refused('a call of something computed', this.#at);
        return this.#push(rebuild(callee, args, this.#at));
      }
      case Op.BUILD:
        return this.#build();
      case Op.BINPERSID:
        return this.#push(storageOf(this.#pop(), this.#at));
      default:
        if (this.#leavesOut && this.#stepOther(opcode)) return;
        throw refused(`the pickle opcode 0x${opcode.toString(16).padStart(2, '0')}, which no state dict has`, this.#at);
    }
  }

  /** Opcodes that only objects beside the tensors need. False: it is none of those either. */
  #stepOther(opcode: number): boolean {
    const window = this.#window;
    switch (opcode) {
      case Op.NEWOBJ:
      case Op.NEWOBJ_EX: {
        const parts = opcode === Op.NEWOBJ ? [this.#pop()] : this.#popTwo();
        const callee = this.#pop();
        if (!isKind(callee, 'opaque')) throw refused('an object of something that is no class', this.#at);
        this.#push(opaqueOf(callee, ...parts));
        return true;
      }
      case Op.EMPTY_SET:
        this.#push({ kind: 'list', parts: [] });
        return true;
      case Op.ADDITEMS:
        this.#append(this.#popMark());
        return true;
      case Op.FROZENSET:
        this.#push({ kind: 'list', parts: this.#popMark() });
        return true;
      case Op.LONG4:
        this.#push(this.#skip(window.u32(), 'long integer'));
        return true;
      case Op.BINBYTES8:
      case Op.BINUNICODE8:
        this.#push(this.#skip(window.u64(), 'bytes'));
        return true;
      case Op.POP:
        this.#pop();
        return true;
      case Op.DUP: {
        const top = this.#pop();
        this.#push(top);
        this.#push(top);
        return true;
      }
      case Op.POP_MARK:
        this.#popMark();
        return true;
      default:
        return false;
    }
  }

  #imported(module: string, name: string): Global | Opaque {
    const bring = this.#leavesOut ? importOrLeaveOut : importGlobal;
    return bring(module, name, this.#at, this.#key());
  }

  /** Attributes of a state dict: torch writes `_metadata`, the versions of its modules, which safetensors has no place for. */
  #build(): void {
    const state = this.#pop();
    const target = this.#stack.at(-1);
    if (isKind(target, 'opaque')) return void target.parts.push(state);
    if (!isKind(target, 'dict') || !isKind(state, 'dict') || state.strangeKey !== undefined)
      throw refused('attributes set on something that is no OrderedDict', this.#at);
    for (const name of state.entries.keys())
      if (name !== '_metadata') throw refused(`the attribute ${quote(name)} of an OrderedDict, which would be lost`, this.#at);
  }

  #setItems(items: readonly Value[]): void {
    const target = this.#stack.at(-1);
    if (isKind(target, 'opaque')) return this.#append(items);
    if (!isKind(target, 'dict')) throw refused('items set on something that is no dict', this.#at);
    if (items.length % 2 !== 0) throw refused('a key without a value', this.#at);
    for (let i = 0; i < items.length; i += 2) setItem(target, items[i] as Value, items[i + 1] as Value);
  }

  #append(items: readonly Value[]): void {
    const target = this.#stack.at(-1);
    if (!isKind(target, 'list') && !isKind(target, 'opaque')) throw refused('items appended to something that is no list', this.#at);
    // Why one by one: a list may have millions.
    for (const item of items) if (typeof item === 'object' && item !== null) target.parts?.push(item);
  }

  #tuple(length: number): void {
    if (this.#stack.length < length) throw refused('a value that is not there', this.#at);
    this.#push({ kind: 'tuple', items: this.#stack.splice(-length) });
  }

  #long(length: number): Value {
    const bytes = this.#window.bytes(length);
    if (length > 7) return { kind: 'long integer' };
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i] as number);
    const signed = Number(BigInt.asIntN(8 * length, value));
    return Number.isSafeInteger(signed) ? signed : { kind: 'long integer' };
  }

  #text(length: number): Value {
    if (length > MAX_TEXT) return this.#skip(length, 'long text');
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#window.bytes(length));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw refused('a text that is not valid UTF-8', this.#at);
    }
  }

  #skip(length: number, kind: Ignored['kind']): Value {
    this.#window.skip(length);
    return { kind };
  }

  /** The key that the value being read stands under: the text on top of the stack, or below the innermost MARK. */
  #key(): string | undefined {
    const top = this.#stack.at(-1) ?? this.#marked.at(-1)?.at(-1);
    return typeof top === 'string' && top !== 'storage' ? top : undefined;
  }

  #push(value: Value): void {
    this.#stack.push(value);
  }

  #pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw refused('a value that is not there', this.#at);
    return value;
  }

  #popTwo(): [Value, Value] {
    const second = this.#pop();
    return [this.#pop(), second];
  }

  #popMark(): Value[] {
    const items = this.#stack;
    const below = this.#marked.pop();
    if (below === undefined) throw refused('a MARK that is not there', this.#at);
    this.#stack = below;
    return items;
  }

  #put(index: number): void {
    const top = this.#stack.at(-1);
    if (top === undefined) throw refused('a value that is not there', this.#at);
    this.#memo.set(index, top);
  }

  #get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw refused(`the memo entry ${index}, which is not there`, this.#at);
    this.#push(value);
  }
}

function opaqueOf({ name, parts }: Opaque, ...args: readonly Value[]): Opaque {
  return { kind: 'opaque', name, parts: [...parts, ...args] };
}

function setItem(target: Dict, key: Value, value: Value): void {
  if (typeof key === 'string') target.entries.set(key, value);
  else target.strangeKey ??= describe(key);
}

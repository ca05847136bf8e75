import { CordonError, malformed } from '../../core/errors.ts';
import type { Budget } from '../../core/budget.ts';
import { fixImport } from './compat-names.ts';
import { made, noteDtypeState } from './array-dtype.ts';
import type { CallVia, PickleListener } from './events.ts';
import { readLong, readNumberLine, readText, readTextLine } from './literals.ts';
import type { Memo } from './memo.ts';
import { Op } from './opcodes.ts';
import { Stack } from './stack.ts';
import { decodeNameLine, KEPT_TEXT, NAME_LINE } from './text.ts';
import { BOOL, type Container, EXTENSION, type Global, NONE, OPAQUE, type Value, weightOf } from './values.ts';
import type { Window } from './window.ts';

/** Bytes shown to listeners of the start of a bytes object. */
const SNIFFED_BYTES = 24;
/** Steps between two looks at the budget. */
const STEPS_A_CHECK = 4096;
/** A traversal this large from this few opcodes is a "billion laughs" structure. */
const EXPANSION_WEIGHT = 1e9;
const EXPANSION_FACTOR = 1000;
/** Memo index from which CPython allocates a gigabyte for one entry. */
const HUGE_MEMO_INDEX = 2 ** 26;

/** Lets a caller act when the machine stands behind a `BUILD`: array readers move the window over raw data. */
export type AfterBuild = (machine: PickleMachine, object: Value, state: Value) => void;

/**
 * A bounded abstract interpreter of the pickle machine: it follows the stack, the marks and the memo exactly as CPython does,
 * imports nothing, calls nothing, and tells a listener what a real unpickler would do. Memory does not grow with the stream.
 */
export class PickleMachine {
  readonly window: Window;
  readonly stack: Stack;
  readonly memo: Memo;
  /** Memo indices whose values were not kept and turned out to matter: run again with these kept. */
  readonly wanted = new Set<number>();
  protocol = 0;
  readonly #listener: PickleListener;
  readonly #budget: Budget;
  readonly #afterBuild: AfterBuild | undefined;
  #steps = 0;
  #uncharged = 0;
  #frameEnd = 0;
  #opcodeOffset = 0;
  #expanded = false;

  constructor(window: Window, listener: PickleListener, budget: Budget, memo: Memo, afterBuild?: AfterBuild, stack = new Stack()) {
    this.window = window;
    this.stack = stack;
    this.memo = memo;
    this.#listener = listener;
    this.#budget = budget;
    this.#afterBuild = afterBuild;
  }

  /** Opcodes executed so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Offset of the opcode last begun. */
  get opcodeOffset(): number {
    return this.#opcodeOffset;
  }

  /** Raw data follows: ordinary picklers end the frame before they write it. */
  leaveFrame(): void {
    if (this.#frameEnd > this.window.offset) this.#listener.oddity('frame', 'raw data stands inside a frame', this.#opcodeOffset);
    this.#frameEnd = 0;
  }

  /**
   * Runs to `STOP` and returns the object it leaves. Throws CordonError where CPython would raise (underflow, unknown opcode,
   * missing memo entry, truncation) or where a limit is reached. `maxSteps` ends a probe early with undefined.
   */
  run(maxSteps = Infinity): Value | undefined {
    const { window, stack } = this;
    while (this.#steps < maxSteps) {
      this.#opcodeOffset = window.offset;
      const opcode = window.u8();
      this.#steps++;
      if (++this.#uncharged >= STEPS_A_CHECK) this.#charge();
      if (opcode === Op.STOP) {
        const result = stack.pop();
        if (stack.height > 0) this.#listener.oddity('residue', `${stack.height} objects left on the stack`, this.#opcodeOffset);
        this.#charge();
        return result;
      }
      this.#execute(opcode);
      if (this.#frameEnd > 0) this.#checkFrame();
    }
    return undefined;
  }

  #charge(): void {
    this.#budget.charge('steps', this.#uncharged);
    this.#uncharged = 0;
  }

  /** Why: the C unpickler reads past a frame that an argument straddles, the Python one stops: two readings of one file. */
  #checkFrame(): void {
    const offset = this.window.offset;
    if (offset < this.#frameEnd) return;
    if (offset > this.#frameEnd && this.#opcodeOffset < this.#frameEnd) {
      this.#listener.oddity(
        'frame',
        `an opcode at byte ${this.#opcodeOffset} reaches over the end of its frame at byte ${this.#frameEnd}`,
        this.#opcodeOffset,
      );
    }
    this.#frameEnd = 0;
  }

  #execute(opcode: number): void {
    const { window, stack, memo } = this;
    switch (opcode) {
      case Op.MARK:
        return stack.mark();
      case Op.POP:
        return stack.popOrUnmark();
      case Op.POP_MARK:
        return stack.dropToMark();
      case Op.DUP:
        return stack.push(stack.top());
      case Op.NONE:
        return stack.push(NONE);
      case Op.NEWTRUE:
      case Op.NEWFALSE:
        return stack.push(BOOL);
      case Op.BININT:
        return stack.push(window.i32());
      case Op.BININT1:
        return stack.push(window.u8());
      case Op.BININT2:
        return stack.push(window.u16());
      case Op.BINFLOAT:
        return stack.push(window.f64BigEndian());
      case Op.INT:
      case Op.LONG:
      case Op.FLOAT:
        return stack.push(readNumberLine(window, opcode));
      case Op.LONG1:
        return stack.push(readLong(window, window.u8()));
      case Op.LONG4:
        return stack.push(readLong(window, window.i32()));
      case Op.STRING:
      case Op.UNICODE:
        return stack.push(readTextLine(window, opcode));
      case Op.SHORT_BINUNICODE:
      case Op.SHORT_BINSTRING:
        return stack.push(window.text(window.u8()).slice(0, KEPT_TEXT));
      case Op.BINUNICODE:
        return stack.push(readText(window, window.u32()));
      case Op.BINSTRING:
        return stack.push(readText(window, window.i32()));
      case Op.BINUNICODE8:
        return stack.push(readText(window, window.u64()));
      case Op.SHORT_BINBYTES:
        return this.#bytes(window.u8());
      case Op.BINBYTES:
        return this.#bytes(window.u32());
      case Op.BINBYTES8:
      case Op.BYTEARRAY8:
        return this.#bytes(window.u64());
      case Op.EMPTY_TUPLE:
        return stack.push({ kind: 'tuple', items: [], length: 0, weight: 1 });
      case Op.TUPLE1:
        return stack.pushTuple(1);
      case Op.TUPLE2:
        return stack.pushTuple(2);
      case Op.TUPLE3:
        return stack.pushTuple(3);
      case Op.TUPLE:
        return stack.push(stack.popMarkedTuple());
      case Op.EMPTY_LIST:
        return stack.push({ kind: 'list', weight: 1 });
      case Op.EMPTY_DICT:
        return stack.push({ kind: 'dict', weight: 1 });
      case Op.EMPTY_SET:
        return stack.push({ kind: 'set', weight: 1 });
      case Op.LIST:
      case Op.FROZENSET:
        return stack.push({ kind: opcode === Op.LIST ? 'list' : 'set', weight: 1 + stack.popMarkedWeight() });
      case Op.DICT: {
        const dict: Container = { kind: 'dict', weight: 1 };
        this.#setItems(dict);
        return stack.push(dict);
      }
      case Op.APPEND: {
        const item = stack.pop();
        return this.#grow(stack.top(), weightOf(item), 'APPEND');
      }
      case Op.APPENDS: {
        const weight = stack.popMarkedWeight();
        return this.#grow(stack.top(), weight, 'APPEND');
      }
      case Op.ADDITEMS: {
        const weight = stack.popMarkedWeight();
        return this.#grow(stack.top(), weight, 'ADD');
      }
      case Op.SETITEM:
        return this.#setItem();
      case Op.SETITEMS:
        return this.#setItemsOnTop();
      case Op.PUT:
        return this.#put(this.#indexLine());
      case Op.BINPUT:
        return this.#put(window.u8());
      case Op.LONG_BINPUT:
        return this.#put(window.u32());
      case Op.MEMOIZE:
        return memo.put(memo.size, stack.top());
      case Op.GET:
        return this.#get(this.#indexLine());
      case Op.BINGET:
        return this.#get(window.u8());
      case Op.LONG_BINGET:
        return this.#get(window.u32());
      case Op.GLOBAL: {
        const module = this.#nameLine();
        return stack.push(this.#import(module, this.#nameLine()));
      }
      case Op.STACK_GLOBAL:
        return this.#stackGlobal();
      case Op.REDUCE: {
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'REDUCE');
      }
      case Op.NEWOBJ: {
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'NEWOBJ');
      }
      case Op.NEWOBJ_EX: {
        stack.pop();
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'NEWOBJ_EX');
      }
      case Op.INST: {
        const module = this.#nameLine();
        const callee = this.#import(module, this.#nameLine());
        return this.#call(callee, stack.popMarkedTuple(), 'INST');
      }
      case Op.OBJ: {
        const { first, rest } = stack.popMarkedCall();
        return this.#call(first, rest, 'OBJ');
      }
      case Op.BUILD:
        return this.#build();
      case Op.PERSID: {
        const { text, complete } = window.line(KEPT_TEXT);
        return this.#persistent(complete ? text : OPAQUE);
      }
      case Op.BINPERSID:
        return this.#persistent(stack.pop());
      case Op.EXT1:
        return this.#extension(window.u8());
      case Op.EXT2:
        return this.#extension(window.u16());
      case Op.EXT4:
        return this.#extension(window.i32());
      case Op.PROTO:
        return this.#proto(window.u8());
      case Op.FRAME:
        return this.#frame(window.u64());
      case Op.NEXT_BUFFER:
        this.#listener.oddity('buffer', 'refers to a buffer outside the stream', this.#opcodeOffset);
        return stack.push(OPAQUE);
      case Op.READONLY_BUFFER:
        stack.top();
        return undefined;
      default:
        throw malformed(`unknown pickle opcode 0x${opcode.toString(16).padStart(2, '0')}`, this.#opcodeOffset);
    }
  }

  #bytes(length: number): void {
    const offset = this.window.offset;
    if (length > 1) {
      const sniffed = Math.min(length, SNIFFED_BYTES);
      this.#listener.bytes(offset, length, this.window.bytes(sniffed));
      this.window.skip(length - sniffed);
    } else this.window.skip(length);
    this.stack.push({ kind: 'bytes', offset, length });
  }

  #nameLine(): string {
    const { text, complete } = this.window.line(NAME_LINE);
    if (!complete) throw malformed('a module or attribute name of more than 4096 bytes', this.#opcodeOffset);
    return decodeNameLine(text);
  }

  #indexLine(): number {
    const { text } = this.window.line(32);
    const index = Number(text.trim());
    if (!Number.isSafeInteger(index) || index < 0 || text.trim() === '') throw malformed('memo index is not a number', this.#opcodeOffset);
    return index;
  }

  #put(index: number): void {
    if (index >= HUGE_MEMO_INDEX) this.#listener.oddity('memo-index', `memo index ${index}`, this.#opcodeOffset);
    this.memo.put(index, this.stack.top());
  }

  #get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw malformed(`memo entry ${index} was never written`, this.#opcodeOffset);
    this.stack.push(value);
  }

  #import(module: string, name: string): Global {
    const [fixedModule, fixedName] = fixImport(module, name, this.protocol);
    const global: Global = { kind: 'global', module: fixedModule, name: fixedName };
    this.#listener.import(global, this.#opcodeOffset);
    return global;
  }

  #stackGlobal(): void {
    const name = this.stack.pop();
    const module = this.stack.pop();
    if (typeof name === 'string' && typeof module === 'string') return this.stack.push(this.#import(module, name));
    this.#want(module);
    this.#want(name);
    this.#listener.computedName(module, name, this.#opcodeOffset);
    this.stack.push(OPAQUE);
  }

  #call(callee: Value, args: Value, via: CallVia): void {
    this.#want(callee);
    const result = this.#listener.call(callee, args, via, this.#opcodeOffset);
    this.stack.push(result ?? made(callee, args));
  }

  /** Notes that the fate of the stream hangs on a memo entry that was not kept. */
  #want(value: Value): void {
    if (typeof value === 'object' && value.kind === 'lost') this.wanted.add(value.index);
  }

  #build(): void {
    const state = this.stack.pop();
    const object = this.stack.top();
    this.#want(object);
    noteDtypeState(object, state);
    this.#listener.build(object, state, this.#opcodeOffset);
    this.#afterBuild?.(this, object, state);
  }

  #persistent(id: Value): void {
    this.stack.push(this.#listener.persistent(id, this.#opcodeOffset) ?? { kind: 'persistent', id });
  }

  #extension(code: number): void {
    this.#listener.extension(code, this.#opcodeOffset);
    this.stack.push(EXTENSION);
  }

  #proto(protocol: number): void {
    if (protocol > 5) throw malformed(`unsupported pickle protocol ${protocol}`, this.#opcodeOffset);
    if (this.#steps !== 1) this.#listener.oddity('protocol', `PROTO ${protocol} in the middle of a stream`, this.#opcodeOffset);
    this.protocol = protocol;
  }

  #frame(length: number): void {
    const end = this.window.offset + length;
    if (this.#frameEnd > this.window.offset) this.#listener.oddity('frame', 'a frame begins inside a frame', this.#opcodeOffset);
    this.#frameEnd = end;
  }

  #grow(target: Value, weight: number, opcode: 'APPEND' | 'ADD'): void {
    this.#want(target);
    if (typeof target !== 'object' || (target.kind !== 'list' && target.kind !== 'set'))
      return this.#listener.write(target, opcode, this.#opcodeOffset);
    target.weight += weight;
    this.#checkWeight(target.weight);
  }

  #setItem(): void {
    const value = this.stack.pop();
    const key = this.stack.pop();
    const target = this.stack.top();
    if (typeof target === 'object' && target.kind === 'dict') this.#setEntry(target, key, value);
    else this.#listener.write(target, 'SETITEM', this.#opcodeOffset);
  }

  #setItemsOnTop(): void {
    const target = this.stack.belowMark();
    if (typeof target === 'object' && target.kind === 'dict') return this.#setItems(target);
    this.stack.dropToMark();
    this.#listener.write(target, 'SETITEM', this.#opcodeOffset);
  }

  #setItems(dict: Container): void {
    const count = this.stack.eachPair((key, value) => this.#setEntry(dict, key, value));
    if (count % 2 !== 0) throw malformed('odd number of items for a dict', this.#opcodeOffset);
  }

  #setEntry(dict: Container, key: Value, value: Value): void {
    dict.weight += weightOf(key) + weightOf(value);
    this.#checkWeight(dict.weight);
    if (typeof key === 'string' && ARRAY_STATE_KEYS.has(key)) (dict.entries ??= new Map()).set(key, value);
  }

  #checkWeight(weight: number): void {
    if (weight < EXPANSION_WEIGHT || this.#expanded || weight < this.#steps * EXPANSION_FACTOR) return;
    this.#expanded = true;
    this.#listener.oddity(
      'expansion',
      `${this.#steps} opcodes describe a structure of ${weight.toExponential(1)} objects`,
      this.#opcodeOffset,
    );
  }
}

/** Dict entries that array readers ask for; no others are kept. */
const ARRAY_STATE_KEYS: ReadonlySet<string> = new Set([
  'shape',
  'dtype',
  'order',
  'allow_mmap',
  'numpy_array_alignment_bytes',
  'subclass',
  'filename',
]);

/** True for the errors by which CPython itself would stop at this point of the stream. */
export function isStreamError(error: unknown): error is CordonError {
  return error instanceof CordonError && (error.code === 'format.malformed' || error.code === 'format.truncated');
}

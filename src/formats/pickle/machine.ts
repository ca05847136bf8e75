import { CordonError, malformed } from '../../core/errors.ts';
import type { Budget } from '../../core/budget.ts';
import { fixImport } from './compat-names.ts';
import { made, noteDtypeState } from './array-dtype.ts';
import type { CallVia, PickleListener } from './events.ts';
import { readLong, readNumberLine, readText, readTextLine } from './literals.ts';
import { type Memo, want } from './memo.ts';
import { Stack } from './stack.ts';
import { ContainerWriter } from './containers.ts';
import { decodeNameLine, KEPT_TEXT, NAME_LINE } from './text.ts';
import { BOOL, EXTENSION, type Global, NONE, OPAQUE, type Value, weightOf } from './values.ts';
import type { Window } from './window.ts';

/** Bytes shown to listeners of the start of a bytes object. */
const SNIFFED_BYTES = 64;
/** Steps between two looks at the budget. */
const STEPS_A_CHECK = 4096;
/** Memo index from which CPython allocates a gigabyte for one entry. */
const HUGE_MEMO_INDEX = 2 ** 26;
const STOP = 0x2e;
/** Shorter texts hold no stream that calls something. */
const NESTED_TEXT = 12;

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
  readonly #containers: ContainerWriter;

  constructor(window: Window, listener: PickleListener, budget: Budget, memo: Memo, afterBuild?: AfterBuild, stack = new Stack()) {
    this.window = window;
    this.stack = stack;
    this.memo = memo;
    this.#listener = listener;
    this.#budget = budget;
    this.#afterBuild = afterBuild;
    this.#containers = new ContainerWriter(this.stack, listener, this.wanted);
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
      if (opcode === STOP) {
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
      case 0x28: // MARK
        return stack.mark();
      case 0x30: // POP
        return stack.popOrUnmark();
      case 0x31: // POP_MARK
        return stack.dropToMark();
      case 0x32: // DUP
        return stack.push(stack.top());
      case 0x4e: // NONE
        return stack.push(NONE);
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return stack.push(BOOL);
      case 0x4a: // BININT
        return stack.push(window.i32());
      case 0x4b: // BININT1
        return stack.push(window.u8());
      case 0x4d: // BININT2
        return stack.push(window.u16());
      case 0x47: // BINFLOAT
        return stack.push(window.f64BigEndian());
      case 0x49: // INT
      case 0x4c: // LONG
      case 0x46: // FLOAT
        return stack.push(readNumberLine(window, opcode));
      case 0x8a: // LONG1
        return stack.push(readLong(window, window.u8()));
      case 0x8b: // LONG4
        return stack.push(readLong(window, window.i32()));
      case 0x53: // STRING
      case 0x56: // UNICODE
        return stack.push(readTextLine(window, opcode));
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        return stack.push(this.#text(window.u8()));
      case 0x58: // BINUNICODE
        return stack.push(this.#text(window.u32()));
      case 0x54: // BINSTRING
        return stack.push(this.#text(window.i32()));
      case 0x8d: // BINUNICODE8
        return stack.push(this.#text(window.u64()));
      case 0x43: // SHORT_BINBYTES
        return this.#bytes(window.u8());
      case 0x42: // BINBYTES
        return this.#bytes(window.u32());
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.#bytes(window.u64());
      case 0x29: // EMPTY_TUPLE
        return stack.push({ kind: 'tuple', items: [], length: 0, weight: 1 });
      case 0x85: // TUPLE1
        return stack.pushTuple(1);
      case 0x86: // TUPLE2
        return stack.pushTuple(2);
      case 0x87: // TUPLE3
        return stack.pushTuple(3);
      case 0x74: // TUPLE
        return stack.push(stack.popMarkedTuple());
      case 0x5d: // EMPTY_LIST
        return stack.push({ kind: 'list', weight: 1 });
      case 0x7d: // EMPTY_DICT
        return stack.push({ kind: 'dict', weight: 1 });
      case 0x8f: // EMPTY_SET
        return stack.push({ kind: 'set', weight: 1 });
      case 0x6c: // LIST
        return stack.push(this.#containers.ofMarked('list'));
      case 0x91: // FROZENSET
        return stack.push(this.#containers.ofMarked('set'));
      case 0x64: // DICT
        return stack.push(this.#containers.dictOfMarked(this.#steps, this.#opcodeOffset));
      case 0x61: // APPEND
        return this.#containers.grow(weightOf(stack.pop()), 'APPEND', this.#steps, this.#opcodeOffset);
      case 0x65: // APPENDS
        return this.#containers.grow(stack.popMarkedWeight(), 'APPEND', this.#steps, this.#opcodeOffset);
      case 0x90: // ADDITEMS
        return this.#containers.grow(stack.popMarkedWeight(), 'ADD', this.#steps, this.#opcodeOffset);
      case 0x73: // SETITEM
        return this.#containers.setItem(this.#steps, this.#opcodeOffset);
      case 0x75: // SETITEMS
        return this.#containers.setItems(this.#steps, this.#opcodeOffset);
      case 0x70: // PUT
        return this.#put(this.#indexLine());
      case 0x71: // BINPUT
        return this.#put(window.u8());
      case 0x72: // LONG_BINPUT
        return this.#put(window.u32());
      case 0x94: // MEMOIZE
        return memo.put(memo.size, stack.top());
      case 0x67: // GET
        return this.#get(this.#indexLine());
      case 0x68: // BINGET
        return this.#get(window.u8());
      case 0x6a: // LONG_BINGET
        return this.#get(window.u32());
      case 0x63: {
        // GLOBAL
        const module = this.#nameLine();
        return stack.push(this.#import(module, this.#nameLine()));
      }
      case 0x93: // STACK_GLOBAL
        return this.#stackGlobal();
      case 0x52: {
        // REDUCE
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'REDUCE');
      }
      case 0x81: {
        // NEWOBJ
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'NEWOBJ');
      }
      case 0x92: {
        // NEWOBJ_EX
        stack.pop();
        const args = stack.pop();
        return this.#call(stack.pop(), args, 'NEWOBJ_EX');
      }
      case 0x69: {
        // INST
        const module = this.#nameLine();
        const callee = this.#import(module, this.#nameLine());
        return this.#call(callee, stack.popMarkedTuple(), 'INST');
      }
      case 0x6f: {
        // OBJ
        const { first, rest } = stack.popMarkedCall();
        return this.#call(first, rest, 'OBJ');
      }
      case 0x62: // BUILD
        return this.#build();
      case 0x50: {
        // PERSID
        const { text, complete } = window.line(KEPT_TEXT);
        return this.#persistent(complete ? text : OPAQUE);
      }
      case 0x51: // BINPERSID
        return this.#persistent(stack.pop());
      case 0x82: // EXT1
        return this.#extension(window.u8());
      case 0x83: // EXT2
        return this.#extension(window.u16());
      case 0x84: // EXT4
        return this.#extension(window.i32());
      case 0x80: // PROTO
        return this.#proto(window.u8());
      case 0x95: // FRAME
        return this.#frame(window.u64());
      case 0x97: // NEXT_BUFFER
        this.#listener.oddity('buffer', 'refers to a buffer outside the stream', this.#opcodeOffset);
        return stack.push(OPAQUE);
      case 0x98: // READONLY_BUFFER
        stack.top();
        return undefined;
      default:
        throw malformed(`unknown pickle opcode 0x${opcode.toString(16).padStart(2, '0')}`, this.#opcodeOffset);
    }
  }

  /** Why a look at the first character: protocol 0 streams are texts, and protocol 2 stores bytes as Latin-1 text. */
  #text(length: number): Value {
    if (length < NESTED_TEXT) return readText(this.window, length);
    const first = this.window.peek();
    if (first === 0x63 || first === 0x28 || first === 0xc2) {
      const offset = this.window.offset;
      const head = Math.min(length, SNIFFED_BYTES);
      this.#listener.text(offset, length, this.window.bytes(head));
      this.window.seek(offset);
    }
    return readText(this.window, length);
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
    // Why underscores: Python reads them in numbers.
    const index = /^\s*\+?\d+(_\d+)*\s*$/.test(text) ? Number(text.replaceAll('_', '')) : NaN;
    if (!Number.isSafeInteger(index)) throw malformed('memo index is not a number', this.#opcodeOffset);
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
    want(this.wanted, module);
    want(this.wanted, name);
    this.#listener.computedName(module, name, this.#opcodeOffset);
    this.stack.push(OPAQUE);
  }

  #call(callee: Value, args: Value, via: CallVia): void {
    want(this.wanted, callee);
    if (typeof callee === 'object' && callee.kind === 'global' && typeof args === 'object' && args.kind === 'tuple') {
      if (this.#listener.heeds(callee)) for (const item of args.items) want(this.wanted, item);
    }
    const result = this.#listener.call(callee, args, via, this.#opcodeOffset);
    this.stack.push(result ?? made(callee, args));
  }

  #build(): void {
    const state = this.stack.pop();
    const object = this.stack.top();
    want(this.wanted, object);
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
}

/** True for the errors by which CPython itself would stop at this point of the stream. */
export function isStreamError(error: unknown): error is CordonError {
  return error instanceof CordonError && (error.code === 'format.malformed' || error.code === 'format.truncated');
}

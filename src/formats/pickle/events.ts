import type { Global, Value } from './values.ts';

/** How an object was called into being. */
export type CallVia = 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX' | 'OBJ' | 'INST';

/** What a stream does, in order. `offset` is the byte offset of the opcode. */
export interface PickleListener {
  /** A module attribute is imported. */
  import(global: Global, offset: number): void;
  /**
   * Something is called: REDUCE, OBJ and INST run it, NEWOBJ only makes an instance. Returns the result where it is more than
   * an object made by the callee.
   */
  call(callee: Value, args: Value, via: CallVia, offset: number): Value | undefined;
  /** True when what a call of this does hangs on its arguments, so that none of them may be lost. */
  heeds(callee: Global): boolean;
  /** `BUILD`: state is given to an object. */
  build(object: Value, state: Value, offset: number): void;
  /** Items are set on or appended to an object that the stream did not make as a list, dict or set. */
  write(object: Value, opcode: 'SETITEM' | 'APPEND' | 'ADD', offset: number): void;
  /** `STACK_GLOBAL` with names that are not texts written in the stream. */
  computedName(module: Value, name: Value, offset: number): void;
  extension(code: number, offset: number): void;
  /** Returns the object behind the id where the stream itself tells it. */
  persistent(id: Value, offset: number): Value | undefined;
  /** Bytes written in the stream; `head` holds at most the first 24. */
  bytes(offset: number, length: number, head: Uint8Array): void;
  /** A text whose first character may begin a nested stream; `head` holds the first bytes of its UTF-8. */
  text(offset: number, length: number, head: Uint8Array): void;
  /** Something that ordinary picklers do not write. */
  oddity(kind: Oddity, detail: string, offset: number): void;
}

export type Oddity = 'protocol' | 'frame' | 'memo-index' | 'buffer' | 'expansion' | 'residue' | 'endless';

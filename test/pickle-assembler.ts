/** Writes pickles opcode by opcode, so that fixtures read as what the unpickler does. Nothing here is ever unpickled. */
type Part = Uint8Array | string | readonly Part[];

/** Joins parts: strings are Latin-1 bytes. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const flat = (part: Part): Buffer => {
    if (typeof part === 'string') return Buffer.from(part, 'latin1');
    return part instanceof Uint8Array ? Buffer.from(part) : Buffer.concat(part.map(flat));
  };
  return new Uint8Array(flat(parts));
}

const u8 = (value: number): Uint8Array => Uint8Array.of(value);
/** 32 bits, little-endian. */
export const u32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer);
/** 64 bits, little-endian. */
export const u64 = (value: bigint): Uint8Array => new Uint8Array(new BigUint64Array([value]).buffer);

export const proto = (version: number): Uint8Array => bytes('\x80', u8(version));
export const frame = (length: number): Uint8Array => bytes('\x95', u64(BigInt(length)));
/** Protocol 0 import: two lines. */
export const global = (module: string, name: string): Uint8Array => bytes(`c${module}\n${name}\n`);
export const inst = (module: string, name: string): Uint8Array => bytes(`i${module}\n${name}\n`);
export const text = (value: string): Uint8Array => bytes('\x8c', u8(Buffer.byteLength(value)), Buffer.from(value));
export const longText = (value: string): Uint8Array => bytes('X', u32(Buffer.byteLength(value)), Buffer.from(value));
export const shortBytes = (value: Uint8Array): Uint8Array => bytes('C', u8(value.length), value);
export const longBytes = (value: Uint8Array): Uint8Array => bytes('B', u32(value.length), value);
export const int = (value: number): Uint8Array => bytes('J', u32(value >>> 0));
export const binPut = (index: number): Uint8Array => bytes('q', u8(index));
export const binGet = (index: number): Uint8Array => bytes('h', u8(index));

/** Opcodes without arguments. */
export const op = {
  mark: '(',
  stop: '.',
  pop: '0',
  popMark: '1',
  dup: '2',
  none: 'N',
  reduce: 'R',
  build: 'b',
  obj: 'o',
  append: 'a',
  appends: 'e',
  setItem: 's',
  setItems: 'u',
  tuple: 't',
  tuple1: '\x85',
  tuple2: '\x86',
  tuple3: '\x87',
  emptyTuple: ')',
  emptyList: ']',
  emptyDict: '}',
  newObj: '\x81',
  newObjEx: '\x92',
  stackGlobal: '\x93',
  memoize: '\x94',
} as const;

/** Protocol 4 import from the stack. */
export const stackGlobal = (module: string, name: string): Uint8Array => bytes(text(module), text(name), op.stackGlobal);
/** `callee(argument)`. */
export const call = (callee: Uint8Array, ...args: readonly Part[]): Uint8Array => bytes(callee, op.mark, ...args, op.tuple, op.reduce);
/** A whole protocol 4 pickle of what the parts leave on the stack. */
export const pickle = (...parts: readonly Part[]): Uint8Array => bytes(proto(4), ...parts, op.stop);

/** The inert payload of hit cases. */
export const system = stackGlobal('posix', 'system');
export const runsId = call(system, text('id'));

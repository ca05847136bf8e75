import { type FlatFields, bytes, flatBuffer, i32, i32s, table, tables, text, u8, u64 } from './flatbuffer.ts';

/** A TensorFlow Lite model: two tensors (an input and four floats of data) and one operator, changed as the case needs. */
export interface TfliteParts {
  readonly opcode?: FlatFields;
  readonly weights?: FlatFields;
  readonly operator?: FlatFields;
  readonly buffers?: readonly FlatFields[];
  readonly subgraphs?: readonly FlatFields[];
  readonly more?: FlatFields;
}

export function tfliteModel({ opcode = builtin(0), weights = {}, operator = {}, buffers, subgraphs, more = {} }: TfliteParts): Buffer {
  return flatBuffer('TFL3', {
    0: i32(3),
    1: tables(opcode),
    2: tables(...(subgraphs ?? [subgraph(weights, operator)])),
    3: text('MLIR Converted.'),
    4: tables(...(buffers ?? [{}, { 0: bytes(Buffer.alloc(16)) }])),
    ...more,
  });
}

/** A subgraph with an input, a constant and one operator over both. */
export function subgraph(weights: FlatFields = {}, operator: FlatFields = {}): FlatFields {
  return {
    0: tables({ 0: i32s(1, 4), 1: u8(0), 2: i32(0), 3: text('x') }, { 0: i32s(4), 1: u8(0), 2: i32(1), 3: text('w'), ...weights }),
    1: i32s(0),
    2: i32s(0),
    3: tables({ 0: i32(0), 1: i32s(0, 1), 2: i32s(0), ...operator }),
    4: text('main'),
  };
}

/** An operator code of a built-in operator. */
export function builtin(code: number): FlatFields {
  return { 0: u8(Math.min(code, 127)), 3: i32(code) };
}

/** An operator code of a custom operator. */
export function custom(name: string): FlatFields {
  return { 0: u8(32), 1: text(name), 3: i32(32) };
}

/** Options of a While operator. */
export function whileOptions(condition: number, body: number): FlatFields {
  return { 3: u8(93), 4: table({ 0: i32(condition), 1: i32(body) }) };
}

/** A buffer behind the flatbuffer. */
export function outerBuffer(offset: number, size: number): FlatFields {
  return { 1: u64(offset), 2: u64(size) };
}

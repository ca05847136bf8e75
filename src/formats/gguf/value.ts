import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import { type Cursor, shown } from './cursor.ts';

/** Value types by their number in the file. */
export const VALUE_TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'string', 'array', 'u64', 'i64', 'f64'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

const WIDTH = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, bool: 1, u64: 8, i64: 8, f64: 8 } as const;

/** One metadata value. Text and arrays stay in the file: only where they lie is kept. */
export interface GgufValue {
  readonly type: ValueType;
  /** Numbers and bools (0 or 1); ±Infinity when a double cannot hold it. */
  readonly number?: number;
  /** First 4,096 bytes of a string. */
  readonly text?: string;
  /** Where the bytes of a string or the elements of an array lie in the file. */
  readonly offset: number;
  /** Bytes of a string or of all elements. */
  readonly length: number;
  /** Of an array. */
  readonly elements?: { readonly type: ValueType; readonly count: number };
}

const KEEP = 4096;
const MAX_NESTING = 4;

/** Reads a value; long arrays are skipped. Version 1 has 32-bit lengths. */
export function readValue(cursor: Cursor, version: number, budget: Budget): GgufValue {
  const type = readType(cursor);
  if (type === 'string') {
    const length = readLength(cursor, version);
    const offset = cursor.offset;
    return { type, offset, length, text: cursor.text(length, KEEP) };
  }
  if (type === 'array') return readArray(cursor, version, budget);
  const offset = cursor.offset;
  return { type, offset, length: WIDTH[type], number: readNumber(cursor, type) };
}

function readArray(cursor: Cursor, version: number, budget: Budget): GgufValue {
  const type = readType(cursor);
  const count = readLength(cursor, version);
  const offset = cursor.offset;
  skipElements(cursor, version, type, count, 1, budget);
  return { type: 'array', offset, length: cursor.offset - offset, elements: { type, count } };
}

function skipElements(cursor: Cursor, version: number, type: ValueType, count: number, depth: number, budget: Budget): void {
  if (depth > MAX_NESTING) throw malformed(`arrays nested deeper than ${MAX_NESTING}`, cursor.offset);
  const least = type === 'string' ? (version === 1 ? 4 : 8) : type === 'array' ? 8 : WIDTH[type];
  if (!(count * least <= cursor.left)) throw malformed(`array of ${shown(count)} elements with ${cursor.left} bytes left`, cursor.offset);
  if (type !== 'string' && type !== 'array') {
    cursor.skip(count * least);
    return;
  }
  for (let i = 0; i < count; i++) {
    budget.charge('steps');
    if (type === 'string') cursor.skip(readLength(cursor, version));
    else skipElements(cursor, version, readType(cursor), readLength(cursor, version), depth + 1, budget);
  }
}

function readType(cursor: Cursor): ValueType {
  const number = cursor.u32();
  const type = VALUE_TYPES[number];
  if (type === undefined) throw malformed(`value type ${number} is not known`, cursor.offset - 4);
  return type;
}

/** A length or count; nothing that long needs to exist. */
export function readLength(cursor: Cursor, version: number): number {
  return version === 1 ? cursor.u32() : cursor.u64();
}

function readNumber(cursor: Cursor, type: keyof typeof WIDTH): number {
  switch (type) {
    case 'u32':
      return cursor.u32();
    case 'i32':
      return cursor.i32();
    case 'f32':
      return cursor.f32();
    case 'u64':
      return cursor.u64();
    case 'i64':
      return cursor.i64();
    case 'f64':
      return cursor.f64();
    case 'u16':
    case 'i16':
      return cursor.small(2, type === 'i16');
    default:
      return cursor.small(1, type === 'i8');
  }
}

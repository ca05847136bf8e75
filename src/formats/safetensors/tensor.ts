import type { JsonReader } from '../json/reader.ts';
import { dtypeBits } from './dtypes.ts';
import type { HeaderNotes } from './header.ts';

/** One tensor of the header. Numbers too large to be exact are Infinity, so that no sum or comparison wraps around. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  /** Product of the shape: 1 for a scalar. */
  readonly elements: number;
  /** Length that dtype and shape ask for, in bytes; undefined for an unknown dtype; NaN when it is no whole number. */
  readonly bytes: number | undefined;
  /** Byte offsets in the buffer, not in the file. */
  readonly begin: number;
  readonly end: number;
}

const MAX_DIMENSIONS = 64;

/** Reads one `{dtype, shape, data_offsets}`; undefined, and a note, when it is not one. */
export function readTensor(reader: JsonReader, name: string, notes: HeaderNotes): TensorEntry | undefined {
  const begun = reader.next();
  if (begun !== 'object') {
    notes.irregular(name, `tensor ${JSON.stringify(name.slice(0, 120))} is not an object`);
    reader.skip(begun);
    return undefined;
  }
  let dtype: string | undefined;
  let shape: readonly number[] | undefined;
  let offsets: readonly number[] | undefined;
  const seen = new Set<string>();
  while (reader.next() === 'key') {
    const field = reader.text;
    if (seen.has(field)) notes.duplicate(`${name}.${field}`);
    seen.add(field);
    const event = reader.next();
    if (field === 'dtype' && event === 'string') dtype = reader.text;
    else if (field === 'shape' && event === 'array') shape = readNumbers(reader);
    else if (field === 'data_offsets' && event === 'array') offsets = readNumbers(reader);
    else {
      notes.irregular(
        `${name}.${field}`,
        `tensor ${JSON.stringify(name.slice(0, 120))} has the field ${JSON.stringify(field.slice(0, 40))}`,
      );
      reader.skip(event);
    }
  }
  const [begin, end] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined || offsets?.length !== 2) {
    notes.irregular(name, `tensor ${JSON.stringify(name.slice(0, 120))} lacks a proper dtype, shape or data_offsets`);
    return undefined;
  }
  const elements = shape.reduce((product, size) => exact(product * size), 1);
  return { name, dtype, elements, bytes: byteLength(dtype, elements), begin, end };
}

function byteLength(dtype: string, elements: number): number | undefined {
  const bits = dtypeBits(dtype);
  if (bits === undefined) return undefined;
  const total = exact(elements * bits);
  return total % 8 === 0 ? total / 8 : Number.NaN;
}

/** The rest of an array of unsigned integers; NaN for whatever is none, so that every comparison with it fails. */
function readNumbers(reader: JsonReader): readonly number[] {
  const numbers: number[] = [];
  for (let event = reader.next(); event !== 'array-end'; event = reader.next()) {
    const isUnsigned = event === 'number' && /^\d+$/.test(reader.text);
    if (numbers.length <= MAX_DIMENSIONS) numbers.push(isUnsigned ? exact(Number(reader.text)) : Number.NaN);
    reader.skip(event);
  }
  return numbers.length > MAX_DIMENSIONS ? [Number.NaN] : numbers;
}

function exact(value: number): number {
  return value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
}

import { type Field, type Range, type Wire, LENGTH, VARINT } from '../protobuf/wire.ts';
import { elementBits } from './element-types.ts';

/** One key and value that say where the data of a tensor lies outside of the model. */
export interface ExternalEntry {
  readonly key: string;
  readonly value: string;
}

/** A TensorProto: what it says of itself, and how much data really is there. */
export interface OnnxTensor {
  readonly name: string;
  readonly offset: number;
  readonly type: number;
  readonly dims: readonly number[];
  /** Product of the dimensions as a double; NaN when one is negative. */
  readonly elements: number;
  /** Bytes of `raw_data`; undefined when the tensor has none. */
  readonly rawBytes: number | undefined;
  /** At least and at most this many values in the typed fields (`float_data` and its like). */
  readonly typedValues: readonly [least: number, most: number];
  readonly external: readonly ExternalEntry[];
  readonly isExternal: boolean;
}

/** Packed numbers up to this size are counted, larger ones estimated. */
const COUNTED_BYTES = 64 * 1024;
const MAX_RANK = 1024;
const MAX_ENTRIES = 256;
const MAX_TEXT = 4096;

/** Reads a TensorProto without its numbers. */
export function readTensor(wire: Wire, range: Range): OnnxTensor {
  const dims: number[] = [];
  const external: ExternalEntry[] = [];
  let name = '';
  let type = 0;
  let location = 0;
  let rawBytes: number | undefined;
  let least = 0;
  let most = 0;
  for (const field of wire.fields(range)) {
    if (field.number === 1) dims.push(...wire.integerList(field, MAX_RANK - dims.length));
    else if (field.number === 2 && field.wire === VARINT) type = field.value;
    else if (field.number === 8 && field.wire === LENGTH) name = wire.text(field, 512);
    else if (field.number === 9 && field.wire === LENGTH) rawBytes = field.end - field.start;
    else if (field.number === 13 && field.wire === LENGTH && external.length < MAX_ENTRIES) external.push(readEntry(wire, field));
    else if (field.number === 14 && field.wire === VARINT) location = field.value;
    else {
      const [low, high] = countValues(wire, field);
      least += low;
      most += high;
    }
  }
  const elements = dims.some((dim) => dim < 0) ? Number.NaN : dims.reduce((product, dim) => product * dim, 1);
  const isExternal = location === 1 || external.length > 0;
  return { name, offset: range.start, type, dims, elements, rawBytes, typedValues: [least, most], external, isExternal };
}

/** Bytes that so many elements of a type take, rounded up; undefined for strings and unknown types. */
export function bytesOf(type: number, elements: number): number | undefined {
  const bits = elementBits(type);
  return bits === undefined ? undefined : Math.ceil((elements * bits) / 8);
}

/** A StringStringEntryProto: its key and value, cut at 4 KiB. */
export function readEntry(wire: Wire, range: Range): ExternalEntry {
  let key = '';
  let value = '';
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (field.number === 1) key = wire.text(field, MAX_TEXT);
    else if (field.number === 2) value = wire.text(field, MAX_TEXT);
  }
  return { key, value };
}

/** Fewest and most values that a typed data field can hold by its length. */
function countValues(wire: Wire, field: Field): readonly [number, number] {
  const length = field.end - field.start;
  switch (field.number) {
    case 4: // float_data
      return field.wire === LENGTH ? [length / 4, length / 4] : [1, 1];
    case 10: // double_data
      return field.wire === LENGTH ? [length / 8, length / 8] : [1, 1];
    case 6: // string_data
      return [1, 1];
    case 5: // int32_data
    case 7: // int64_data
    case 11: {
      if (field.wire !== LENGTH) return [1, 1];
      if (length > COUNTED_BYTES) return [length / 10, length];
      let count = 0;
      for (const _value of wire.integers(field)) count++;
      return [count, count];
    }
    default:
      return [0, 0];
  }
}

import type { XmlElement } from '../../formats/xml/read.ts';

const ELEMENT_BITS: Readonly<Record<string, bigint>> = {
  boolean: 8n,
  u1: 1n,
  u2: 2n,
  u3: 3n,
  u4: 4n,
  u6: 6n,
  i4: 4n,
  nf4: 4n,
  f4e2m1: 4n,
  i8: 8n,
  u8: 8n,
  f8e4m3: 8n,
  f8e5m2: 8n,
  f8e8m0: 8n,
  i16: 16n,
  u16: 16n,
  f16: 16n,
  bf16: 16n,
  i32: 32n,
  u32: 32n,
  f32: 32n,
  i64: 64n,
  u64: 64n,
  f64: 64n,
};

/** Says what is wrong with the place of a constant in the weights file; undefined when all is well. */
export function weightsFault({ attributes }: XmlElement): string | undefined {
  const { offset, size, shape } = attributes;
  if (offset === undefined || size === undefined) return undefined;
  if (!/^\d{1,19}$/.test(offset) || !/^\d{1,19}$/.test(size))
    return `offset ${offset.slice(0, 30)} and size ${size.slice(0, 30)} are no byte counts`;
  if (BigInt(offset) + BigInt(size) >= 1n << 63n) return `offset ${offset} and size ${size} leave every file`;
  const bits = ELEMENT_BITS[attributes['element_type'] ?? ''];
  if (bits === undefined || shape === undefined || !/^(\d{1,19}(\s*,\s*\d{1,19})*)?$/.test(shape.trim())) return undefined;
  const elements = shape.trim() === '' ? 1n : shape.split(',').reduce((product, dimension) => product * BigInt(dimension.trim()), 1n);
  const needed = (elements * bits + 7n) / 8n;
  return needed > BigInt(size) ? `shape ${shape.slice(0, 60)} needs ${needed} bytes, size says ${size}` : undefined;
}

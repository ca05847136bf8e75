import { malformed } from '../../core/errors.ts';

const LENGTH_BYTES = 3;

/** Lengths of chunks, in bytes each, as text: three bytes for each, in Base64. */
export function packLengths(lengths: readonly number[]): string {
  const packed = Buffer.alloc(lengths.length * LENGTH_BYTES);
  lengths.forEach((length, index) => packed.writeUIntLE(length, index * LENGTH_BYTES, LENGTH_BYTES));
  return packed.toString('base64');
}

/** The reverse of {@link packLengths}. */
export function unpackLengths(text: string): readonly number[] {
  const packed = Buffer.from(text, 'base64');
  if (packed.length % LENGTH_BYTES !== 0) throw malformed('lengths of chunks');
  return Array.from({ length: packed.length / LENGTH_BYTES }, (_, index) => packed.readUIntLE(index * LENGTH_BYTES, LENGTH_BYTES));
}

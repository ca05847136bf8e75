import { CordonError } from '../../core/errors.ts';
import { MAX_HEADER_BYTES } from './header.ts';

/** A tensor to be written. */
export interface PlannedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** Dtypes in the order the reference library writes them: by falling alignment, so that every tensor is aligned. */
const ORDER: readonly string[] =
  'U64 I64 F64 C64 F32 U32 I32 BF16 F16 U16 I16 F8_E5M2FNUZ F8_E4M3FNUZ F8_E8M0 F8_E4M3 F8_E5M2 I8 U8 BOOL'.split(' ');
const ALIGNMENT = 8;

/** Tensors in the order the reference library writes them: by dtype, then by the bytes of the name. */
export function inFileOrder<T extends PlannedTensor>(tensors: readonly T[]): T[] {
  return tensors
    .map((tensor) => ({ tensor, rank: ORDER.indexOf(tensor.dtype), name: Buffer.from(tensor.name) }))
    .toSorted((a, b) => a.rank - b.rank || Buffer.compare(a.name, b.name))
    .map(({ tensor }) => tensor);
}

/** The length field and the header, padded with spaces, for tensors written one after the other in the given order. */
export function safetensorsHeader(tensors: readonly PlannedTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0;
  const parts = [`"__metadata__":${JSON.stringify(metadata)}`];
  for (const { name, dtype, shape, bytes } of tensors) {
    const begin = end;
    end += bytes;
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const json = Buffer.from(`{${parts.join(',')}}`);
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES)
    throw new CordonError('convert.refused', `a header of ${length} bytes, more than readers accept (${MAX_HEADER_BYTES})`);
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length), 0);
  json.copy(header, 8);
  return new Uint8Array(header);
}

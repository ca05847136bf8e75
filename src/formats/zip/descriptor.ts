import type { ByteSource } from '../../core/source.ts';
import { hasBytes, viewOf } from '../bytes/read.ts';
import { uint64 } from './end-record.ts';
import type { Header } from './header.ts';

const LONGEST = 24;
/** Length, where the numbers begin and how wide the sizes are, of the four shapes in use; those with a signature first. */
const SHAPES = [
  { length: 24, at: 4, wide: true },
  { length: 16, at: 4, wide: false },
  { length: 20, at: 0, wide: true },
  { length: 12, at: 0, wide: false },
] as const;

/**
 * Length of the data descriptor behind a member's content; 0 where there is none, undefined where there is one that
 * contradicts `header`.
 */
export function descriptorLength(source: ByteSource, offset: number, header: Header): number | undefined {
  const bytes = source.read(offset, LONGEST);
  const signed = hasBytes(bytes, 'PK\x07\x08');
  const view = viewOf(bytes);
  for (const { length, at, wide } of SHAPES) {
    if (bytes.length < length || (at > 0 && !signed)) continue;
    const size = wide ? uint64(view, at + 4) : view.getUint32(at + 4, true);
    const inflated = wide ? uint64(view, at + 12) : view.getUint32(at + 8, true);
    if (view.getUint32(at, true) === header.crc && size === header.compressedSize && inflated === header.size) return length;
  }
  return signed ? undefined : 0;
}

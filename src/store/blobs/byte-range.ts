import { CordonError } from '../../core/errors.ts';
import type { ByteRange } from './blob-store.ts';

/** Refuses what is no part of a blob of this size. */
export function checkRange({ start, end }: ByteRange, size: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size)
    throw new CordonError('input.mismatch', `bytes ${start} to ${end} do not lie within ${size} bytes`);
}

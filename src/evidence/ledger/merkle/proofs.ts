import { CordonError } from '../../../core/errors.ts';
import type { EntryRange } from './subtrees.ts';

/** Ranges whose hashes prove that the entry at `position` is in the log of `size` entries, lowest first (RFC 6962, 2.1.1). */
export function inclusionRanges(position: number, size: number): readonly EntryRange[] {
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(size) || position < 0 || position >= size) {
    throw new CordonError('ledger.refused', `entry ${position} is not in a log of ${size}`);
  }
  const path: EntryRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (position < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.toReversed();
}

/** Ranges whose hashes prove that the log of `second` entries begins with the log of `first`, lowest first (RFC 6962, 2.1.2). */
export function consistencyRanges(first: number, second: number): readonly EntryRange[] {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 1 || first > second) {
    throw new CordonError('ledger.refused', `no proof leads from a log of ${first} entries to one of ${second}`);
  }
  const path: EntryRange[] = [];
  let start = 0;
  let end = second;
  while (end > first) {
    const middle = start + split(end - start);
    if (first <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  // Why not when it starts at 0: that hash is the old root, which the verifier has.
  if (start > 0) path.push({ start, end });
  return path.toReversed();
}

/** The largest power of two below a count of two or more. */
function split(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return power === count ? power / 2 : power;
}

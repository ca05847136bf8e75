import { EMPTY_ROOT, nodeHash } from './hash.ts';

/** Entries from `start` to before `end`. */
export interface EntryRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: `2 ** level` entries from `position * 2 ** level`. Level 0 is an entry's hash. */
export interface Subtree {
  readonly level: number;
  readonly position: number;
}

/**
 * The complete subtrees, from left to right, that a range of a Merkle tree consists of: at most one of each level.
 * Why division and not bit operators: those cut numbers to 32 bits, positions go further.
 */
export function subtreesOf(range: EntryRange): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  let { start } = range;
  while (start < range.end) {
    const level = Math.floor(Math.log2(range.end - start));
    subtrees.push({ level, position: start / 2 ** level });
    start += 2 ** level;
  }
  return subtrees;
}

/** Hash of a range from the hashes of its complete subtrees. */
export function foldSubtrees(hashes: readonly Uint8Array[]): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) return EMPTY_ROOT;
  let hash: Buffer = Buffer.from(last);
  for (let index = hashes.length - 2; index >= 0; index--) hash = nodeHash(hashes[index]!, hash);
  return hash;
}

/** How many complete subtrees above the leaves end with the entry at `position`: the number of trailing ones in binary. */
export function completedBy(position: number): number {
  let levels = 0;
  for (let rest = position; rest % 2 === 1; rest = (rest - 1) / 2) levels++;
  return levels;
}

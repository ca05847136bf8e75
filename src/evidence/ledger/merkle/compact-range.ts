import { nodeHash } from './hash.ts';
import { foldSubtrees } from './subtrees.ts';

/** The right edge of a growing Merkle tree: enough to know its root at every size, in O(log n) memory. */
export class CompactRange {
  /** Hashes of the complete subtrees from left to right; their sizes are the ones in the binary form of `size`. */
  readonly #edge: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Appends a hash of an entry; `completed` hears of each subtree that it completes, from level 1 upwards. */
  append(leaf: Uint8Array, completed?: (level: number, position: number, hash: Buffer) => void): void {
    let hash: Buffer = Buffer.from(leaf);
    let position = this.#size;
    for (let level = 1; position % 2 === 1; level++) {
      hash = nodeHash(this.#edge.pop()!, hash);
      position = (position - 1) / 2;
      completed?.(level, position, hash);
    }
    this.#edge.push(hash);
    this.#size++;
  }

  /** Root over everything appended. */
  root(): Buffer {
    return foldSubtrees(this.#edge);
  }

  /** Starts from a known tree: its size and the hashes of its complete subtrees from left to right. */
  static from(size: number, edge: readonly Uint8Array[]): CompactRange {
    const range = new CompactRange();
    for (const hash of edge) range.#edge.push(Buffer.from(hash));
    range.#size = size;
    return range;
  }
}

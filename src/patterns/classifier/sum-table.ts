/** What a block adds to the windows it takes part in: for itself, and beside the block before it without what both have. */
export interface Sum {
  total: number;
  count: number;
  newTotal: number;
  newCount: number;
}

/** The sum of nothing. */
export function noSum(): Sum {
  return { total: 0, count: 0, newTotal: 0, newCount: 0 };
}

/** Meaning of a weight's byte: the square of its distance from 128 with its sign, so that small weights keep fine steps. */
const SQUARES: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => (byte - 128) * Math.abs(byte - 128));

/** Numbers of blocks fit a byte; 0 is for buckets that no block had. */
const LAST_BLOCK = 255;

/** The weights of one hash space, and for each bucket which block had it last. */
export class SumTable {
  readonly #weights: Uint8Array;
  readonly #stamps: Uint8Array;
  #block = 0;

  constructor(weights: Uint8Array) {
    this.#weights = weights;
    this.#stamps = new Uint8Array(weights.length);
  }

  /** Whether the numbers of the next two blocks are used up: `forget`, then add the last block again. */
  get full(): boolean {
    return this.#block >= LAST_BLOCK - 1;
  }

  /** Forgets all blocks. */
  forget(): void {
    this.#stamps.fill(0);
    this.#block = 1;
  }

  /** A new text begins: its first block has none before it. */
  begin(): void {
    this.#block++;
  }

  /**
   * Adds up the weights of the distinct buckets of the next block. Why arithmetic instead of conditions: whether an n-gram was there before
   * is a coin toss, which a processor cannot foretell; a wrong guess costs more than the sum.
   */
  add(buckets: Int32Array, length: number, sum: Sum): void {
    const block = ++this.#block;
    const stamps = this.#stamps;
    const weights = this.#weights;
    let total = 0;
    let count = 0;
    let newTotal = 0;
    let newCount = 0;
    for (let at = 0; at < length; at++) {
      const bucket = buckets[at]!;
      const age = block - stamps[bucket]!;
      stamps[bucket] = block;
      // All bits set for a bucket that this block did not have yet; for one that the block before did not have, either.
      const first = -age >> 31;
      const fresh = (1 - age) >> 31;
      const weight = SQUARES[weights[bucket]!]!;
      total += weight & first;
      count -= first;
      newTotal += weight & fresh;
      newCount -= fresh;
    }
    sum.total = total;
    sum.count = count;
    sum.newTotal = newTotal;
    sum.newCount = newCount;
  }
}

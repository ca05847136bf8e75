const FIRST_BYTES = 4 * 1024;
/** Why: most streams never need as much again. */
const MOST_KEPT_BYTES = 64 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** Bytes that wait for more. Adding costs as much as what is added, however many pieces came before. */
export class HeldBytes {
  #bytes = NOTHING;
  /** Bytes that wait. */
  length = 0;

  /** Copies a piece behind the others. */
  add(piece: Buffer): void {
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      // Why twice as much: so each byte is copied twice at most, on average.
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, this.#bytes.length * 2, length));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.length);
    this.length = length;
  }

  /** The last `count` bytes, or all if there are fewer. */
  last(count: number): Buffer {
    return this.#bytes.subarray(Math.max(0, this.length - count), this.length);
  }

  /** Everything that waits and what comes behind it, as bytes of their own; nothing waits any more. */
  takeWith(more: Buffer): Buffer {
    const taken = Buffer.concat([this.#bytes.subarray(0, this.length), more]);
    this.length = 0;
    if (this.#bytes.length > MOST_KEPT_BYTES) this.#bytes = NOTHING;
    return taken;
  }
}

import { malformed } from '../../core/errors.ts';

/** Reads bits from the end of a range towards its start, as all entropy-coded parts of Zstandard are stored. */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** Bits not read yet; below zero once more were asked for than there are. */
  left: number;

  /** Why `bytes` must go on four bytes behind `end`: reads take four at once. What stands there does not matter. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    const last = end > start ? (bytes[end - 1] as number) : 0;
    if (last === 0) throw malformed('Zstandard bit stream without an end');
    // The highest one bit of the last byte marks the end.
    this.left = (end - start - 1) * 8 + (31 - Math.clz32(last));
  }

  /** The next `count` bits, at most 25; zeros where there are no more, see {@link left}. */
  read(count: number): number {
    const at = (this.left -= count);
    if (at < 0) return at + count <= 0 ? 0 : (this.#word(0) << -at) & ((1 << count) - 1);
    return (this.#word(at >> 3) >>> (at & 7)) & ((1 << count) - 1);
  }

  /** The next `count` bits, at most 31. */
  readLong(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return high * 0x10000 + this.read(16);
  }

  #word(index: number): number {
    const bytes = this.#bytes;
    const at = this.#start + index;
    return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
  }
}

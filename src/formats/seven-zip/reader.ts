import { malformed, truncated } from '../../core/errors.ts';
import { viewOf } from '../bytes/read.ts';

/** Reads the number encodings of a 7z header from bytes already in memory. */
export class HeaderReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet: no count in a header can honestly exceed it by much. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw truncated('7z header', this.#at);
    return byte;
  }

  /** Exactly `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.left) throw truncated('7z header', this.#at);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Little-endian 32-bit number. */
  uint32(): number {
    return viewOf(this.take(4)).getUint32(0, true);
  }

  /** A number of one to nine bytes: leading ones of the first say how many follow. Never beyond 2^53. */
  number(): number {
    const first = this.byte();
    let value = 0;
    let scale = 1;
    for (let mask = 0x80; mask > 0; mask >>>= 1) {
      if ((first & mask) === 0) return this.#safe(value + (first & (mask - 1)) * scale);
      value += this.byte() * scale;
      scale *= 256;
    }
    return this.#safe(value);
  }

  /** A number of things each of which takes at least `bytes` bytes in this header. */
  count(bytes = 1): number {
    const count = this.number();
    if (count * bytes > this.left) throw malformed(`7z header counts ${count} things in ${this.left} bytes`, this.#at);
    return count;
  }

  /** One flag for each of `count` things, highest bit first. */
  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, i) => (((bytes[i >>> 3] as number) >>> (7 - (i & 7))) & 1) === 1);
  }

  /** The same, with a leading byte that says whether all are set. */
  optionalBits(count: number): boolean[] {
    if (this.byte() === 0) return this.bits(count);
    if (count > this.#bytes.length * 8) throw malformed('7z header counts more things than it has bits', this.#at);
    return Array.from({ length: count }, () => true);
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) throw malformed('7z header number is too large', this.#at);
    return value;
  }
}

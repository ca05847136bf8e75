import { CordonError, malformed } from '../../core/errors.ts';

/** Why 64 MiB: the largest dictionary that `xz -9` and the 7-Zip "ultra" preset use; declared sizes go up to 4 GiB. */
const MAX_WINDOW = 64 * 1024 * 1024;
const FIRST = 256 * 1024;

/** The dictionary of an LZ decoder as a ring, which is its output at the same time. Grows with what was really produced. */
export class Window {
  readonly #declared: number;
  bytes: Uint8Array = new Uint8Array(FIRST);
  /** Where the next byte goes. */
  at = 0;
  #wrapped = false;

  constructor(dictionarySize: number) {
    // A multiple of 16: what models depend on is the position in the stream modulo 16, which then is the one in the ring.
    this.#declared = Math.ceil(dictionarySize / 16) * 16;
  }

  /** Bytes that matches may refer to. */
  get filled(): number {
    return this.#wrapped ? this.bytes.length : this.at;
  }

  /** Forgets everything. */
  reset(): void {
    this.at = 0;
    this.#wrapped = false;
  }

  /** Makes room for at least one byte; returns how many fit before the ring ends. Views handed out before die here. */
  room(): number {
    if (this.at === this.bytes.length) {
      const wanted = Math.min(MAX_WINDOW, Math.max(this.#declared, FIRST));
      if (!this.#wrapped && this.bytes.length < wanted) {
        const next = new Uint8Array(Math.min(wanted, this.bytes.length * 4));
        next.set(this.bytes);
        this.bytes = next;
      } else {
        this.#wrapped = true;
        this.at = 0;
      }
    }
    return this.bytes.length - this.at;
  }

  /** Throws when `distance` reaches behind what is there: `limit.reached` where only this window is too small. */
  check(distance: number): void {
    if (distance <= this.filled) return;
    if (this.#wrapped && distance <= this.#declared) {
      throw new CordonError('format.unsupported', `LZMA dictionary of ${this.#declared} bytes is larger than ${MAX_WINDOW}`);
    }
    throw malformed('LZMA match lies before the data');
  }

  /** The byte `distance` back, which must be there. */
  back(distance: number): number {
    const from = this.at - distance;
    return this.bytes[from < 0 ? from + this.bytes.length : from] as number;
  }

  /** Repeats `length` bytes from `distance` back; both must fit, see {@link room} and {@link check}. */
  copy(distance: number, length: number): void {
    const bytes = this.bytes;
    let to = this.at;
    const end = to + length;
    let from = to - distance;
    if (from < 0) from += bytes.length;
    if (distance === 1) bytes.fill(bytes[from] as number, to, end);
    else if (from + length <= bytes.length && distance >= length && length > 64) bytes.copyWithin(to, from, from + length);
    else {
      for (; to < end; to++) {
        bytes[to] = bytes[from++] as number;
        if (from === bytes.length) from = 0;
      }
    }
    this.at = end;
  }
}

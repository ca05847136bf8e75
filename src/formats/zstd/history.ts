import { malformed } from '../../core/errors.ts';

const FIRST = 512 * 1024;
/** Room for new blocks behind a full window, so that sliding is rare. */
const SLACK = 4 * 1024 * 1024;

/** The output of a frame as far back as matches may reach. Grows with what was really produced. */
export class History {
  readonly #window: number;
  #bytes = new Uint8Array(FIRST);
  #at = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** Makes room for `length` bytes and returns where they begin. Views handed out before die here. */
  reserve(length: number): number {
    if (this.#at + length > this.#bytes.length) {
      const kept = Math.min(this.#at, this.#window);
      const wanted = Math.min(this.#window + SLACK, Math.max(kept + length, 2 * this.#bytes.length));
      if (wanted > this.#bytes.length) {
        const next = new Uint8Array(wanted);
        next.set(this.#bytes.subarray(this.#at - kept, this.#at));
        this.#bytes = next;
      } else this.#bytes.copyWithin(0, this.#at - kept, this.#at);
      this.#at = kept;
    }
    return this.#at;
  }

  /** What was produced since `start`. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  /** Adds a part of `from`; it must fit what was reserved. */
  append(from: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    if (end - start < 32) for (let i = start; i < end; i++) bytes[at + i - start] = from[i] as number;
    else bytes.set(from.subarray(start, end), at);
    this.#at = at + end - start;
  }

  /** Adds `length` times `value`. */
  fill(value: number, length: number): void {
    this.#bytes.fill(value, this.#at, this.#at + length);
    this.#at += length;
  }

  /** Adds `length` bytes from `offset` back. */
  repeat(offset: number, length: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    if (offset <= 0 || offset > at || offset > this.#window) throw malformed('Zstandard match lies before the data');
    if (offset >= length && length >= 32) bytes.copyWithin(at, at - offset, at - offset + length);
    else if (offset === 1) bytes.fill(bytes[at - 1] as number, at, at + length);
    else for (let i = 0; i < length; i++) bytes[at + i] = bytes[at - offset + i] as number;
    this.#at = at + length;
  }
}

import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';

const WINDOW = 64 * 1024;

/** Reads a source forwards byte by byte, holding one copied window of it: what all bit-level decoders stand on. */
export class Input {
  readonly #source: ByteSource;
  /** The current window. Public so that inner loops can index it without a call for each byte. */
  buffer: Uint8Array = new Uint8Array(0);
  /** Index of the next byte in the window. */
  at = 0;
  #base: number;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#base = start;
  }

  /** Offset of the next byte in the source. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Moves the window on once it is used up; false at the end of the source. */
  fill(): boolean {
    if (this.at < this.buffer.length) return true;
    this.#base += this.at;
    this.at = 0;
    // Why copied: the view a source returns dies with the next read, and others read the same source in between.
    this.buffer = this.#source.read(this.#base, WINDOW).slice();
    return this.buffer.length > 0;
  }

  /** The next byte; throws `format.truncated` at the end. */
  byte(): number {
    if (this.at >= this.buffer.length && !this.fill()) throw truncated('compressed data ends early', this.offset);
    return this.buffer[this.at++] as number;
  }

  /** Exactly `length` bytes, copied; throws `format.truncated` when there are fewer. */
  take(length: number): Uint8Array {
    const bytes = this.#source.read(this.offset, length).slice();
    if (bytes.length < length) throw truncated('compressed data ends early', this.offset + bytes.length);
    this.skip(length);
    return bytes;
  }

  /** At most `length` of the next bytes, copied, without moving on. */
  peek(length: number): Uint8Array {
    return this.#source.read(this.offset, length).slice();
  }

  /** Moves on by `length` bytes. */
  skip(length: number): void {
    if (this.at + length <= this.buffer.length) {
      this.at += length;
      return;
    }
    this.#base += this.at + length;
    this.at = 0;
    this.buffer = new Uint8Array(0);
  }

  /** Little-endian unsigned 32-bit number. */
  uint32(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0;
  }
}

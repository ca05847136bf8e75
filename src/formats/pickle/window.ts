import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';

/** Bytes held at once. Why: opcodes are short, so a larger window buys nothing; payloads longer than it are skipped, not read. */
const WINDOW_BYTES = 256 * 1024;
/** Bytes of the first read. Why: most streams are short, and a probe looks at a few opcodes only. */
const FIRST_BYTES = 4 * 1024;

/** A forward reader over a source that holds one window of it. Numbers are little-endian, as pickle writes them. */
export class Window {
  readonly source: ByteSource;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #base = 0;
  #position = 0;
  #next = FIRST_BYTES;

  constructor(source: ByteSource, offset = 0) {
    this.source = source;
    this.#base = offset;
  }

  /** Offset of the next byte in the source. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** Makes `length` bytes (at most a window) available; throws `format.truncated`. */
  #need(length: number): void {
    if (this.#position + length > this.#bytes.length) this.#refill(length);
  }

  #refill(length: number): void {
    const offset = this.offset;
    this.#load(Math.max(length, this.#next));
    if (this.#bytes.length < length) throw truncated('pickle ends inside an opcode', offset);
  }

  /** True when no byte is left. */
  atEnd(): boolean {
    if (this.#position < this.#bytes.length) return false;
    this.#load(this.#next);
    return this.#bytes.length === 0;
  }

  #load(length: number): void {
    const offset = this.offset;
    // Copied (a Buffer’s own slice would not be): other readers of the same source may move its buffer while this window is in use.
    this.#bytes = new Uint8Array(this.source.read(offset, length));
    this.#view = new DataView(this.#bytes.buffer);
    this.#base = offset;
    this.#position = 0;
    this.#next = Math.min(WINDOW_BYTES, this.#next * 8);
  }

  /** The next byte, which stays the next; -1 at the end. */
  peek(): number {
    return this.atEnd() ? -1 : (this.#bytes[this.#position] as number);
  }

  u8(): number {
    if (this.#position >= this.#bytes.length) this.#refill(1);
    return this.#bytes[this.#position++] as number;
  }

  u16(): number {
    this.#need(2);
    const value = this.#view.getUint16(this.#position, true);
    this.#position += 2;
    return value;
  }

  i32(): number {
    this.#need(4);
    const value = this.#view.getInt32(this.#position, true);
    this.#position += 4;
    return value;
  }

  u32(): number {
    this.#need(4);
    const value = this.#view.getUint32(this.#position, true);
    this.#position += 4;
    return value;
  }

  /** An unsigned 64-bit number; above 2^53 it is only approximate, which every length check treats as too large. */
  u64(): number {
    this.#need(8);
    const value = this.#view.getBigUint64(this.#position, true);
    this.#position += 8;
    return Number(value);
  }

  f64BigEndian(): number {
    this.#need(8);
    const value = this.#view.getFloat64(this.#position, false);
    this.#position += 8;
    return value;
  }

  /** The next `length` bytes (at most a window); valid until the next call. */
  bytes(length: number): Uint8Array {
    this.#need(length);
    const start = this.#position;
    this.#position += length;
    return this.#bytes.subarray(start, start + length);
  }

  /** The next `length` bytes (at most a window) as Latin-1 when pure ASCII, else decoded as UTF-8. */
  text(length: number): string {
    this.#need(length);
    const start = this.#position;
    this.#position += length;
    if (length < 24) {
      // Why: for short names one string built from character codes is faster than a call into the decoder.
      let text = '';
      for (let i = start; i < start + length; i++) {
        const byte = this.#bytes[i] as number;
        if (byte > 127) return Buffer.from(this.#bytes.buffer, start, length).toString('utf8');
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return Buffer.from(this.#bytes.buffer, start, length).toString('utf8');
  }

  /** Moves over `length` bytes without reading them; throws `format.truncated` when they are not there. */
  skip(length: number): void {
    if (length <= this.#bytes.length - this.#position) {
      this.#position += length;
      return;
    }
    const offset = this.offset;
    const target = offset + length;
    if (!Number.isSafeInteger(target) || this.source.read(target - 1, 1).length === 0)
      throw truncated(`pickle ends inside ${length} bytes of data`, offset);
    this.seek(target);
  }

  /** Continues at any offset. */
  seek(offset: number): void {
    if (offset >= this.#base && offset <= this.#base + this.#bytes.length) {
      this.#position = offset - this.#base;
      return;
    }
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#base = offset;
    this.#position = 0;
  }

  /**
   * The bytes up to the next newline, which is consumed, as Latin-1; at most `keep` characters of them. The rest of a longer
   * line is skipped.
   */
  line(keep: number): { text: string; complete: boolean } {
    let text = '';
    for (;;) {
      if (this.atEnd()) throw truncated('pickle ends inside a line', this.offset);
      const newline = this.#bytes.indexOf(10, this.#position);
      const end = newline < 0 ? this.#bytes.length : newline;
      const wanted = Math.min(end - this.#position, keep + 1 - text.length);
      if (wanted > 0) text += Buffer.from(this.#bytes.buffer, this.#position, wanted).toString('latin1');
      this.#position = newline < 0 ? end : end + 1;
      if (newline >= 0) return text.length > keep ? { text: text.slice(0, keep), complete: false } : { text, complete: true };
    }
  }
}

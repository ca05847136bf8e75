import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';

const WINDOW = 65_536;

/** Reads forward through a source in windows of 64 KiB; skipping costs nothing, so that payloads of gigabytes are cheap. */
export class ByteCursor {
  readonly source: ByteSource;
  /** Offset of the next byte. */
  offset: number;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;

  constructor(source: ByteSource, offset = 0) {
    this.source = source;
    this.offset = offset;
  }

  u8(): number {
    return this.#view(1).getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view(2).getUint16(this.#advance(2), false);
  }

  u32(): number {
    return this.#view(4).getUint32(this.#advance(4), false);
  }

  i32(littleEndian = false): number {
    return this.#view(4).getInt32(this.#advance(4), littleEndian);
  }

  u64(): bigint {
    return this.#view(8).getBigUint64(this.#advance(8), false);
  }

  /** A view of exactly `length` bytes, valid until the next call; at most 64 KiB. */
  bytes(length: number): Uint8Array {
    const view = this.#view(length);
    const at = this.#advance(length);
    return new Uint8Array(view.buffer, view.byteOffset + at, length);
  }

  /** Passes over `length` bytes, which must be there. */
  skip(length: number): void {
    if (!(length <= this.source.size - this.offset)) throw truncated(`${length} bytes do not fit`, this.offset);
    this.offset += length;
  }

  #advance(length: number): number {
    const at = this.offset - this.#start;
    this.offset += length;
    return at;
  }

  #view(length: number): DataView {
    const at = this.offset - this.#start;
    if (at < 0 || at + length > this.#window.byteLength) {
      // Why a copy: the view of a source lasts only until its next read, and others read it meanwhile.
      const bytes = this.source.read(this.offset, WINDOW).slice();
      if (bytes.length < length) throw truncated(`expected ${length} bytes, found ${bytes.length}`, this.offset);
      this.#window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#start = this.offset;
    }
    return this.#window;
  }
}

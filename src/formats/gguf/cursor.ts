import type { Budget } from '../../core/budget.ts';
import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { utf8, viewOf } from '../bytes/read.ts';

const WINDOW = 256 * 1024;

/**
 * Reads numbers and strings one after the other through a window, in either byte order. A 64-bit number that a double cannot
 * hold exactly becomes Infinity. Why: then no sum, product or comparison with it can wrap around.
 */
export class Cursor {
  /** Where the next read begins, in bytes. */
  offset: number;
  littleEndian = true;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #budget: Budget;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;

  constructor(source: ByteSource, budget: Budget, offset = 0) {
    this.#source = source;
    this.#budget = budget;
    this.size = source.size;
    this.offset = offset;
  }

  /** Bytes that are left. */
  get left(): number {
    return Math.max(0, this.size - this.offset);
  }

  u32(): number {
    return this.#take(4).getUint32(this.#at, this.littleEndian);
  }

  i32(): number {
    return this.#take(4).getInt32(this.#at, this.littleEndian);
  }

  u64(): number {
    return exact(this.#take(8).getBigUint64(this.#at, this.littleEndian));
  }

  i64(): number {
    return exact(this.#take(8).getBigInt64(this.#at, this.littleEndian));
  }

  f32(): number {
    return this.#take(4).getFloat32(this.#at, this.littleEndian);
  }

  f64(): number {
    return this.#take(8).getFloat64(this.#at, this.littleEndian);
  }

  /** An unsigned or signed integer of one or two bytes. */
  small(bytes: 1 | 2, signed: boolean): number {
    const view = this.#take(bytes);
    if (bytes === 1) return signed ? view.getInt8(this.#at) : view.getUint8(this.#at);
    return signed ? view.getInt16(this.#at, this.littleEndian) : view.getUint16(this.#at, this.littleEndian);
  }

  /** `length` bytes of UTF-8 of which at most `keep` are decoded. */
  text(length: number, keep: number): string {
    if (length > this.left) throw truncated(`string of ${shown(length)} bytes with ${this.left} left`, this.offset);
    const text = utf8(this.#source.read(this.offset, Math.min(length, keep)));
    this.skip(length);
    return text;
  }

  /** Moves on without reading. */
  skip(length: number): void {
    if (!(length <= this.left)) throw truncated(`${shown(length)} bytes with ${this.left} left`, this.offset);
    this.offset += length;
  }

  #at = 0;

  #take(bytes: number): DataView {
    const end = this.#start + this.#window.byteLength;
    if (this.offset < this.#start || this.offset + bytes > end) this.#fill(bytes);
    this.#at = this.offset - this.#start;
    this.offset += bytes;
    return this.#window;
  }

  #fill(bytes: number): void {
    if (bytes > this.left) throw truncated(`${bytes} bytes with ${this.left} left`, this.offset);
    this.#budget.checkTime();
    this.#window = viewOf(this.#source.read(this.offset, WINDOW).slice());
    this.#start = this.offset;
    if (this.#window.byteLength < bytes) throw truncated(`${bytes} bytes expected`, this.offset);
  }
}

/** A count for a message: one that is Infinity here was beyond 2^53 in the file. */
export function shown(count: number): string {
  return Number.isFinite(count) ? String(count) : 'more than 2^53';
}

function exact(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Math.sign(number) * Number.POSITIVE_INFINITY;
}

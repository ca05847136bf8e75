import type { Budget } from '../../core/budget.ts';
import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { Cursor, type FieldSizes } from './cursor.ts';

const PAGE_BYTES = 16 * 1024;
const PAGES_KEPT = 64;

/** Where the parts of one HDF5 file are, and bounded reads of them through a small page cache. */
export class Hdf5File {
  readonly budget: Budget;
  readonly sizes: FieldSizes;
  /** Offset of the superblock, which all addresses count from. */
  readonly base: number;
  readonly #source: ByteSource;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(source: ByteSource, base: number, sizes: FieldSizes, budget: Budget) {
    this.#source = source;
    this.base = base;
    this.sizes = sizes;
    this.budget = budget;
  }

  /** Exactly `length` bytes at `address`; they stay valid. Throws `format.truncated` when the file ends before. */
  read(address: number, length: number): Uint8Array {
    this.budget.charge('steps', 1 + Math.floor(length / PAGE_BYTES));
    this.budget.checkBuffer(length);
    const offset = this.base + address;
    const page = Math.floor(offset / PAGE_BYTES);
    const inPage = offset - page * PAGE_BYTES;
    const bytes =
      inPage + length <= PAGE_BYTES ? this.#page(page).subarray(inPage, inPage + length) : this.#source.read(offset, length).slice();
    if (bytes.length < length) throw truncated(`HDF5 structure of ${length} bytes does not fit in the file`, offset);
    return bytes;
  }

  /** At most `length` bytes at `address`, fewer at the end of the file. */
  readUpTo(address: number, length: number): Uint8Array {
    return this.read(address, Math.max(0, Math.min(length, this.#source.size - this.base - address)));
  }

  /** A cursor over exactly `length` bytes at `address`. */
  cursor(address: number, length: number): Cursor {
    return new Cursor(this.read(address, length), this.sizes);
  }

  /** A cursor over bytes already read. */
  over(bytes: Uint8Array): Cursor {
    return new Cursor(bytes, this.sizes);
  }

  /** Bytes behind `address`. */
  bytesFrom(address: number): number {
    return Math.max(0, this.#source.size - this.base - address);
  }

  #page(index: number): Uint8Array {
    const cached = this.#pages.get(index);
    if (cached !== undefined) return cached;
    const bytes = this.#source.read(index * PAGE_BYTES, PAGE_BYTES).slice();
    if (this.#pages.size >= PAGES_KEPT) {
      const oldest = this.#pages.keys().next();
      if (oldest.done !== true) this.#pages.delete(oldest.value);
    }
    this.#pages.set(index, bytes);
    return bytes;
  }
}

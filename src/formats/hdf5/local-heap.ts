import { malformed } from '../../core/errors.ts';
import { utf8 } from '../bytes/read.ts';
import type { Hdf5File } from './file.ts';

/** Names stay below this in every real file; a longer one is cut. */
const MAX_NAME_BYTES = 4096;

/** The names of an old-style group, or of external files, by their offset in a local heap. */
export class LocalHeap {
  readonly #file: Hdf5File;
  readonly #address: number;
  readonly #size: number;

  constructor(file: Hdf5File, address: number) {
    const cursor = file.cursor(address, 8 + 2 * file.sizes.lengths + file.sizes.offsets);
    cursor.expect('HEAP');
    cursor.version('local heap', 0);
    cursor.skip(3);
    this.#size = cursor.length();
    cursor.skip(file.sizes.lengths);
    this.#address = cursor.definedAddress();
    this.#file = file;
  }

  /** The NUL-terminated name at `offset`. */
  text(offset: number): string {
    if (offset >= this.#size) throw malformed(`HDF5 name at ${offset} lies outside its heap of ${this.#size} bytes`);
    const length = Math.min(MAX_NAME_BYTES, this.#size - offset);
    const bytes = this.#file.readUpTo(this.#address + offset, length);
    const end = bytes.indexOf(0);
    return utf8(end < 0 ? bytes : bytes.subarray(0, end));
  }
}

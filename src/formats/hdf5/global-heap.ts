import { malformed } from '../../core/errors.ts';
import type { Hdf5File } from './file.ts';

/** Where one variable-length value lies in the file. */
export interface HeapSpan {
  readonly address: number;
  readonly length: number;
}

/** Global heap collections, where variable-length values are. Remembers the collections it has read. */
export class GlobalHeap {
  readonly #file: Hdf5File;
  readonly #collections = new Map<number, Map<number, HeapSpan>>();

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  /** Where object `index` of the collection at `address` is; undefined when the collection has none of that number. */
  find(address: number, index: number): HeapSpan | undefined {
    return this.#collection(address).get(index);
  }

  /** Every object of the collection at `address`. */
  all(address: number): Iterable<HeapSpan> {
    return this.#collection(address).values();
  }

  #collection(address: number): Map<number, HeapSpan> {
    let collection = this.#collections.get(address);
    if (collection === undefined) {
      collection = this.#read(address);
      // Why: collections are 4 KiB each in ordinary files; remembering all of a large file would not be bounded.
      if (this.#collections.size >= 256) this.#collections.clear();
      this.#collections.set(address, collection);
    }
    return collection;
  }

  #read(address: number): Map<number, HeapSpan> {
    const { lengths } = this.#file.sizes;
    const head = this.#file.cursor(address, 8 + lengths);
    head.expect('GCOL');
    head.version('global heap', 1);
    head.skip(3);
    const end = address + head.length();
    if (end - address > this.#file.bytesFrom(address)) throw malformed('HDF5 global heap runs past the file', this.#file.base + address);
    const objects = new Map<number, HeapSpan>();
    const headerBytes = 8 + lengths;
    for (let at = address + headerBytes; at + headerBytes <= end;) {
      const cursor = this.#file.cursor(at, headerBytes);
      const index = cursor.u16();
      if (index === 0) break;
      cursor.skip(6);
      const length = cursor.length();
      at += headerBytes;
      if (length > end - at) throw malformed('HDF5 global heap object runs past its collection', this.#file.base + at);
      objects.set(index, { address: at, length });
      at += Math.ceil(length / 8) * 8;
    }
    return objects;
  }
}

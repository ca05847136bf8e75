import type { ByteSource } from '../../core/source.ts';
import type { Hdf5File } from './file.ts';
import type { GlobalHeap, HeapSpan } from './global-heap.ts';
import { isLocal } from './object.ts';

const WINDOW_BYTES = 1024 * 1024;
const SIGNATURE = Buffer.from('GCOL\x01\0\0\0', 'latin1');

/**
 * Every object of every global heap collection, found by searching the whole file. Why: when the references to variable-
 * length values are compressed by a filter that is not read here, the values themselves are still stored plainly.
 */
export function* searchCollections(file: Hdf5File, heap: GlobalHeap, source: ByteSource): Generator<HeapSpan> {
  for (let at = file.base; at < source.size; at += WINDOW_BYTES) {
    file.budget.charge('steps', WINDOW_BYTES / 64);
    const window = Buffer.from(source.read(at, WINDOW_BYTES + SIGNATURE.length - 1));
    for (let hit = window.indexOf(SIGNATURE); hit >= 0; hit = window.indexOf(SIGNATURE, hit + 1)) {
      try {
        yield* heap.all(at + hit - file.base);
      } catch (error) {
        // A chance match inside other data is no collection.
        if (!isLocal(error)) throw error;
      }
    }
  }
}

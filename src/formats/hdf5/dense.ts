import { malformed } from '../../core/errors.ts';
import { walkBtreeV2 } from './btree-v2.ts';
import type { Hdf5File } from './file.ts';
import { FractalHeap } from './fractal-heap.ts';

/** Bytes of a record before the heap id, by B-tree type: links by name and by age, attributes by name and by age. */
const ID_OFFSET: Readonly<Record<number, number>> = { 5: 4, 6: 8, 8: 0, 9: 0 };

/** One message kept in a heap; `shared` when it is only a pointer to where it really is. */
export interface DenseMessage {
  /** The message; for a shared one, its id in the heap of the whole file. */
  readonly body: Uint8Array;
  readonly shared: boolean;
}

/**
 * The link or attribute messages that an object keeps in a heap. Why every index is walked: a reader by name uses one, a
 * reader by creation order the other, and a hostile file may list an entry in only one of them.
 */
export function* readDense(file: Hdf5File, heapAddress: number, indexes: readonly (number | undefined)[]): Generator<DenseMessage> {
  const heap = new FractalHeap(file, heapAddress);
  const seen = new Set<string>();
  for (const index of indexes) {
    if (index === undefined) continue;
    for (const { type, record } of walkBtreeV2(file, index)) {
      const idOffset = ID_OFFSET[type];
      if (idOffset === undefined) throw malformed(`HDF5 index of type ${type} in place of links or attributes`);
      record.skip(idOffset);
      const attribute = type >= 8;
      const id = record.take(attribute ? 8 : heap.idBytes);
      const shared = attribute && (record.u8() & 2) !== 0;
      const key = `${shared}${id.join(',')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield { body: shared ? id : heap.object(id), shared };
    }
  }
}

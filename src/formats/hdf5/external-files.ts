import type { Hdf5File } from './file.ts';
import { LocalHeap } from './local-heap.ts';
import type { Cursor } from './cursor.ts';

/** Names of the raw files that hold the values of a dataset instead of this file. Nothing of them is ever opened. */
export function readExternalFiles(file: Hdf5File, cursor: Cursor): string[] {
  cursor.version('external file list', 1);
  cursor.skip(3);
  cursor.skip(2);
  const used = cursor.u16();
  const heap = new LocalHeap(file, cursor.definedAddress());
  return Array.from({ length: used }, () => {
    const name = heap.text(cursor.length());
    cursor.skip(2 * file.sizes.lengths);
    return name;
  });
}

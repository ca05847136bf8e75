import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import type { GlobalHeap } from './global-heap.ts';

/** What a virtual dataset is put together from. */
export interface VirtualSources {
  /** File names; `.` is the file itself. */
  readonly files: readonly string[];
  /** False when the list could not be read to its end. */
  readonly complete: boolean;
}

const SHARED_FILE = 1;
const SHARED_DATASET = 2;
const SAME_FILE = 4;
const MAX_SOURCES = 100_000;
const MAX_NAMES = 100;

/** The files a virtual dataset takes its values from. Nothing of them is ever opened. */
export function readVirtualSources(file: Hdf5File, heap: GlobalHeap, address: number | undefined, item: number): VirtualSources {
  const files = new Set<string>();
  const span = address === undefined ? undefined : heap.find(address, item);
  if (span === undefined) return { files: [], complete: address === undefined };
  const cursor = file.cursor(span.address, span.length);
  const version = cursor.u8();
  if (version > 1) return { files: [], complete: false };
  const count = cursor.length();
  try {
    for (let i = 0; i < count; i++) {
      if (i >= MAX_SOURCES || files.size >= MAX_NAMES) return { files: [...files], complete: false };
      file.budget.charge('steps');
      const flags = version === 0 ? 0 : cursor.u8();
      // A shared name is the number of an earlier source, whose name has been read already.
      if ((flags & SAME_FILE) !== 0) files.add('.');
      else if ((flags & SHARED_FILE) !== 0) cursor.length();
      else files.add(cursor.terminated());
      if ((flags & SHARED_DATASET) === 0) cursor.terminated();
      else cursor.length();
      skipSelection(cursor);
      skipSelection(cursor);
    }
  } catch {
    return { files: [...files], complete: false };
  }
  return { files: [...files], complete: true };
}

const NOTHING = 0;
const POINTS = 1;
const HYPERSLAB = 2;
const EVERYTHING = 3;

/** Steps over one encoded dataspace selection. */
function skipSelection(cursor: Cursor): void {
  const type = cursor.u32();
  const version = cursor.u32();
  if (type === NOTHING || type === EVERYTHING) cursor.skip(8);
  else if (type === POINTS && version === 1) skipCounted(cursor, 8, 4, 1);
  else if (type === POINTS && version === 2) skipCounted(cursor, 0, cursor.u8(), 1);
  else if (type === HYPERSLAB && version === 1) skipCounted(cursor, 8, 4, 2);
  else if (type === HYPERSLAB && version === 2) {
    cursor.skip(5);
    cursor.skip(cursor.u32() * 32);
  } else if (type === HYPERSLAB && version === 3) {
    const regular = (cursor.u8() & 1) !== 0;
    const width = cursor.u8();
    if (regular) cursor.skip(cursor.u32() * 4 * width);
    else skipCounted(cursor, 0, width, 2);
  } else throw malformed(`HDF5 selection ${type} version ${version} is unknown`);
}

/** Steps over `lead` bytes, a rank, a count, and that many tuples of coordinates of `width` bytes. */
function skipCounted(cursor: Cursor, lead: number, width: number, tuples: number): void {
  cursor.skip(lead);
  const rank = cursor.u32();
  cursor.skip(cursor.uint(width) * rank * tuples * width);
}

import { inflateSync } from 'node:zlib';
import { CordonError, malformed } from '../../core/errors.ts';
import { chunkBytes, storedChunks } from './chunks.ts';
import type { Dataset } from './dataset.ts';
import { elementCount } from './dataspace.ts';
import type { Hdf5File } from './file.ts';
import type { Filter } from './filters.ts';
import type { GlobalHeap, HeapSpan } from './global-heap.ts';

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;

/** Contiguous values come in blocks of about this size. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * The stored values of a dataset, block by block, filters undone. Chunks of several dimensions come as stored, with the
 * padding at their edges. Throws `format.unsupported` for filters other than deflate, shuffle and Fletcher-32.
 */
export function* readValues(file: Hdf5File, dataset: Dataset): Generator<Uint8Array> {
  const { layout } = dataset;
  if (dataset.externalFiles.length > 0 || layout.kind === 'virtual') return;
  if (layout.kind === 'compact') {
    yield layout.bytes;
  } else if (layout.kind === 'contiguous') {
    if (layout.address === undefined) return;
    const bytes = elementCount(dataset.shape) * BigInt(dataset.type.size);
    if (bytes > BigInt(file.bytesFrom(layout.address))) throw malformed('HDF5 values run past the file', file.base + layout.address);
    const step = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, dataset.type.size))) * Math.max(1, dataset.type.size);
    for (let at = 0; at < bytes; at += step) yield file.read(layout.address + at, Math.min(step, Number(bytes) - at));
  } else {
    const raw = chunkBytes(dataset, layout.index);
    for (const chunk of storedChunks(file, dataset, layout.index)) {
      if (Math.max(raw, chunk.size) > file.budget.limits.buffer) {
        throw new CordonError('format.unsupported', `HDF5 chunk of ${Math.max(raw, chunk.size)} bytes is not read`);
      }
      let bytes = file.read(chunk.address, chunk.size);
      for (const [position, filter] of [...dataset.filters.entries()].toReversed()) {
        if ((chunk.skipped & (1 << position)) === 0) bytes = undo(file, filter, bytes, raw, dataset.type.size);
      }
      yield bytes;
    }
  }
}

function undo(file: Hdf5File, filter: Filter, bytes: Uint8Array, limit: number, itemBytes: number): Uint8Array {
  if (filter.id === FLETCHER32) return bytes.subarray(0, -4);
  if (filter.id === SHUFFLE) return unshuffle(bytes, filter.parameters[0] ?? itemBytes);
  if (filter.id !== DEFLATE) throw new CordonError('format.unsupported', `HDF5 filter ${filter.id} (${filter.name}) is not read`);
  file.budget.charge('inflatedBytes', limit);
  try {
    return inflateSync(bytes, { maxOutputLength: limit + 4 });
  } catch (cause) {
    throw new CordonError('format.malformed', 'HDF5 chunk does not inflate to its size', { cause });
  }
}

/** Puts the bytes of each item together again: the filter stores all first bytes, then all second bytes, and so on. */
function unshuffle(bytes: Uint8Array, itemBytes: number): Uint8Array {
  const items = Math.floor(bytes.length / Math.max(1, itemBytes));
  if (itemBytes < 2 || items < 2) return bytes;
  const result = new Uint8Array(bytes);
  for (let byte = 0; byte < itemBytes; byte++) {
    for (let item = 0; item < items; item++) result[item * itemBytes + byte] = bytes[byte * items + item] ?? 0;
  }
  return result;
}

/** The variable-length items whose references lie side by side in `bytes`; empty ones are left out. */
export function* variableLengthItems(file: Hdf5File, heap: GlobalHeap, bytes: Uint8Array, itemBytes: number): Generator<HeapSpan> {
  const cursor = file.over(bytes);
  const referenceBytes = 8 + file.sizes.offsets;
  while (cursor.remaining >= referenceBytes) {
    file.budget.charge('steps');
    const items = cursor.u32();
    const address = cursor.address();
    const index = cursor.u32();
    if (items === 0 || address === undefined || address === 0) continue;
    const span = heap.find(address, index);
    if (span === undefined) throw malformed(`HDF5 value refers to object ${index} that is not in its heap`);
    const length = items * itemBytes;
    if (length > span.length) throw malformed('HDF5 value is longer than its heap object');
    yield { address: span.address, length };
  }
}

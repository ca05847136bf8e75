import { CordonError } from '../../core/errors.ts';
import { walkBtreeV1 } from './btree-v1.ts';
import type { Dataset } from './dataset.ts';
import { elementCount } from './dataspace.ts';
import type { Hdf5File } from './file.ts';
import type { ChunkIndex } from './layout.ts';

/** Where one chunk is stored. `skipped` has a bit for each filter that was not applied to it. */
export interface Chunk {
  readonly address: number;
  readonly size: number;
  readonly skipped: number;
}

/** Bytes of one chunk before filters. */
export function chunkBytes(dataset: Dataset, index: ChunkIndex): number {
  return index.chunk.reduce((product, dimension) => product * dimension, dataset.type.size);
}

/** The stored chunks of a dataset in file order of their index. Throws `format.unsupported` for the newer array indexes. */
export function* storedChunks(file: Hdf5File, dataset: Dataset, index: ChunkIndex): Generator<Chunk> {
  const { address, type } = index;
  if (address === undefined) return;
  if (type === 'btree-v1') {
    for (const { key, child } of walkBtreeV1(file, address, 1, 16 + 8 * index.chunk.length)) {
      const size = key.u32();
      yield { address: child, size, skipped: key.u32() };
    }
  } else if (type === 'single') {
    yield { address, size: index.size ?? chunkBytes(dataset, index), skipped: 0 };
  } else if (type === 'implicit') {
    yield { address, size: Number(elementCount(dataset.shape)) * dataset.type.size, skipped: 0 };
  } else {
    throw new CordonError('format.unsupported', `HDF5 chunk index ${type} is not read`);
  }
}

/** Bytes that are there for a dataset; for the newer array indexes all that the file could hold. */
export function storedBytes(file: Hdf5File, dataset: Dataset): number {
  const { layout } = dataset;
  const room = file.bytesFrom(0);
  if (layout.kind === 'virtual') return Infinity;
  if (layout.kind === 'compact') return layout.bytes.length;
  if (layout.kind === 'contiguous') {
    return layout.address === undefined ? 0 : Math.min(layout.size ?? room, file.bytesFrom(layout.address));
  }
  const { type, address } = layout.index;
  if (address === undefined) return 0;
  if (type !== 'btree-v1' && type !== 'single') return room;
  let total = 0;
  for (const chunk of storedChunks(file, dataset, layout.index)) total += Math.min(chunk.size, file.bytesFrom(chunk.address));
  return total;
}

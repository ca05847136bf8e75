import { CordonError, errorMessage } from '../../core/errors.ts';
import { hashFile, type Range } from './hash-file.ts';
import type { ModelFile } from './list-files.ts';
import { openFlags } from './list-files.ts';
import type { HashType, Resource } from './manifest.ts';

export interface HashOptions {
  readonly hashType: HashType;
  /** Bytes of a shard; whole files when absent. */
  readonly shardSize?: number;
  readonly allowSymlinks: boolean;
  /** Told after every file, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A file that could not be hashed. */
export interface HashFailure {
  readonly path: string;
  readonly message: string;
}

/** Why four: reads of one file wait for the disk while another is hashed; more only take memory. */
const CONCURRENCY = 4;

/** Hashes files, a few at once, and gives their resources in the order of the files. */
export async function hashModel(
  files: readonly ModelFile[],
  options: HashOptions,
): Promise<{ readonly resources: readonly Resource[]; readonly failures: readonly HashFailure[] }> {
  const results: (readonly Resource[])[] = Array.from({ length: files.length }, () => []);
  const failures: HashFailure[] = [];
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let next = 0;
  let done = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < files.length; index = next++) {
      const file = files[index];
      if (file === undefined) return;
      try {
        results[index] = await resourcesOf(file, options);
      } catch (error) {
        if (error instanceof CordonError && error.code !== 'input.unreadable') throw error;
        failures.push({ path: file.path, message: errorMessage(error) });
      }
      done += file.size;
      options.onProgress?.(done, total);
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, files.length) }, work));
  return { resources: results.flat(), failures };
}

async function resourcesOf({ path, absolute, size }: ModelFile, { hashType, shardSize, allowSymlinks }: HashOptions): Promise<Resource[]> {
  const ranges = shardSize === undefined ? [{ start: 0, end: size }] : shardsOf(size, shardSize);
  if (ranges.length === 0) return [];
  const digests = await hashFile(absolute, openFlags(allowSymlinks), size, ranges, hashType);
  if (shardSize === undefined) return digests.map((digest) => ({ path, digest }));
  return digests.map((digest, index) => ({ path, ...ranges[index], digest }));
}

/** A file of zero bytes has no shards: OMS leaves it out. */
function shardsOf(size: number, shardSize: number): Range[] {
  return Array.from({ length: Math.ceil(size / shardSize) }, (_, index) => ({
    start: index * shardSize,
    end: Math.min(size, (index + 1) * shardSize),
  }));
}

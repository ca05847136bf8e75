import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { CordonError } from '../../core/errors.ts';
import { Blake3 } from './blake3.ts';
import type { HashType } from './manifest.ts';

/** A part of a file; `end` is exclusive and the file must go that far. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Something that takes bytes and gives a digest. */
interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

/** Measured: smaller reads cost calls, larger ones nothing gained; two of them are held for each file. */
const CHUNK_BYTES = 1024 * 1024;

function hasherOf(type: HashType): Hasher {
  if (type === 'blake3') return new Blake3();
  return createHash(type === 'blake2b' ? 'blake2b512' : 'sha256');
}

/**
 * The digests of consecutive ranges of one file that together are the whole of it, read once; the next chunk is read while one is
 * hashed. Throws `input.unreadable` when the file has another size than `size`: it changed since it was listed.
 */
export async function hashFile(path: string, flags: number, size: number, ranges: readonly Range[], type: HashType): Promise<string[]> {
  const file = await open(path, flags);
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size !== size) throw changed(path);
    const digests: string[] = [];
    for (const range of ranges) digests.push(await hashRange(file, path, range, hasherOf(type)));
    if ((await file.stat()).size !== size) throw changed(path);
    return digests;
  } finally {
    await file.close();
  }
}

async function hashRange(file: FileHandle, path: string, { start, end }: Range, hasher: Hasher): Promise<string> {
  if (start >= end) return hasher.digest('hex');
  const length = Math.min(CHUNK_BYTES, end - start);
  let [current, next] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
  let at = start;
  let pending = file.read(current, 0, Math.min(length, end - at), at);
  while (at < end) {
    const { bytesRead } = await pending;
    if (bytesRead === 0) throw changed(path);
    at += bytesRead;
    if (at < end) pending = file.read(next, 0, Math.min(length, end - at), at);
    hasher.update(current.subarray(0, bytesRead));
    [current, next] = [next, current];
  }
  return hasher.digest('hex');
}

function changed(path: string): CordonError {
  return new CordonError('input.unreadable', `${path} changed while it was read`);
}

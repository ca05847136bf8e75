import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { CordonError } from '../core/errors.ts';
import type { ByteSource } from '../core/source.ts';
import { bufferSource } from '../formats/bytes/source.ts';

/** An open regular file: ranged reads, its size when it was opened, and its digest. */
export interface OpenFile {
  readonly source: ByteSource;
  /** SHA-256 of the content, hex. */
  digest(): Promise<string>;
  close(): void;
}

const HASH_CHUNK = 1024 * 1024;
/** Files up to this size are read once, for digest and parsers alike. */
const WHOLE_BYTES = 1024 * 1024;
const readAsync = promisify(read);

/** Opens a file for scanning. Why O_NONBLOCK: a path swapped for a pipe after the walk must not block the worker. */
export function openFile(path: string | Uint8Array): OpenFile {
  const descriptor = openSync(typeof path === 'string' ? path : Buffer.from(path), constants.O_RDONLY | constants.O_NONBLOCK);
  const status = fstatSync(descriptor);
  if (!status.isFile()) {
    closeSync(descriptor);
    throw new CordonError('input.unreadable', 'is no regular file any more');
  }
  if (status.size <= WHOLE_BYTES) {
    const content = new Uint8Array(descriptorSource(descriptor, status.size).read(0, status.size));
    closeSync(descriptor);
    return openMemory(content);
  }
  return {
    source: descriptorSource(descriptor, status.size),
    digest: () => digestOf(descriptor),
    close: () => closeSync(descriptor),
  };
}

/** Content already in memory. */
export function openMemory(bytes: Uint8Array): OpenFile {
  return {
    source: bufferSource(bytes),
    digest: async () => createHash('sha256').update(bytes).digest('hex'),
    close: () => undefined,
  };
}

function descriptorSource(descriptor: number, size: number): ByteSource {
  return {
    size,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const count = readSync(descriptor, bytes, filled, wanted - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled === wanted ? bytes : bytes.subarray(0, filled);
    },
  };
}

/** Hashes with two buffers: one is read while the other is hashed. */
async function digestOf(descriptor: number): Promise<string> {
  const hash = createHash('sha256');
  let [current, next] = [Buffer.allocUnsafe(HASH_CHUNK), Buffer.allocUnsafe(HASH_CHUNK)];
  let offset = 0;
  let pending = readAsync(descriptor, current, 0, HASH_CHUNK, 0);
  for (;;) {
    const { bytesRead } = await pending;
    if (bytesRead === 0) return hash.digest('hex');
    offset += bytesRead;
    const filled = current.subarray(0, bytesRead);
    pending = readAsync(descriptor, next, 0, HASH_CHUNK, offset);
    hash.update(filled);
    [current, next] = [next, current];
  }
}

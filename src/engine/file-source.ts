import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { CordonError } from '../core/errors.ts';
import type { ByteSource } from '../core/source.ts';
import { bufferSource } from '../formats/bytes/source.ts';
import { fileReason } from './file-error.ts';

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
  try {
    const { size } = regularStatus(descriptor);
    const source = descriptorSource(descriptor, size);
    if (size > WHOLE_BYTES) return { source, digest: () => digestOf(descriptor, size), close: () => closeSync(descriptor) };
    const content = source.read(0, size);
    closeSync(descriptor);
    return openMemory(content);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function regularStatus(descriptor: number): Stats {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw new CordonError('input.unreadable', 'is no regular file any more');
  return status;
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
        const count = readSome(descriptor, bytes, filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled === wanted ? bytes : bytes.subarray(0, filled);
    },
  };
}

/** Why its own error: a scanner that cannot read on is not to blame, the disk is. */
function readSome(descriptor: number, bytes: Uint8Array, filled: number, position: number): number {
  try {
    return readSync(descriptor, bytes, filled, bytes.length - filled, position);
  } catch (error) {
    throw new CordonError('input.unreadable', fileReason(error), { cause: error });
  }
}

/**
 * Hashes with two buffers: one is read while the other is hashed. Why only `size` bytes: a file that grows meanwhile must not
 * get the digest of content that no scanner saw.
 */
async function digestOf(descriptor: number, size: number): Promise<string> {
  const hash = createHash('sha256');
  let [current, next] = [Buffer.allocUnsafe(HASH_CHUNK), Buffer.allocUnsafe(HASH_CHUNK)];
  let offset = 0;
  let pending = readAsync(descriptor, current, 0, Math.min(HASH_CHUNK, size), 0);
  for (;;) {
    const { bytesRead } = await pending;
    if (bytesRead === 0) return hash.digest('hex');
    offset += bytesRead;
    const filled = current.subarray(0, bytesRead);
    pending = readAsync(descriptor, next, 0, Math.min(HASH_CHUNK, size - offset), offset);
    hash.update(filled);
    [current, next] = [next, current];
  }
}

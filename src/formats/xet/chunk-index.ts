import { malformed } from '../../core/errors.ts';
import { HASH_BYTES } from './hash.ts';
import type { XorbChunk } from './xorb-reader.ts';

const ENTRY_BYTES = HASH_BYTES + 8;

/** The chunks of a xorb as bytes: hash, end, length each. */
export function packChunks(chunks: readonly XorbChunk[]): Buffer {
  const packed = Buffer.alloc(chunks.length * ENTRY_BYTES);
  chunks.forEach(({ hash, end, length }, index) => {
    packed.set(hash, index * ENTRY_BYTES);
    packed.writeUInt32LE(end, index * ENTRY_BYTES + HASH_BYTES);
    packed.writeUInt32LE(length, index * ENTRY_BYTES + HASH_BYTES + 4);
  });
  return packed;
}

/** The reverse of {@link packChunks}. */
export function unpackChunks(packed: Buffer): readonly XorbChunk[] {
  if (packed.length % ENTRY_BYTES !== 0) throw malformed('index of chunks');
  return Array.from({ length: packed.length / ENTRY_BYTES }, (_, index) => {
    const at = index * ENTRY_BYTES;
    return {
      hash: Uint8Array.from(packed.subarray(at, at + HASH_BYTES)),
      end: packed.readUInt32LE(at + HASH_BYTES),
      length: packed.readUInt32LE(at + HASH_BYTES + 4),
    };
  });
}

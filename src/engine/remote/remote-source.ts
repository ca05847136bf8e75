import { createHash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { OpenFile } from '../file-source.ts';
import type { RemoteContent } from '../jobs.ts';

const HASH_CHUNK = 4 * 1024 * 1024;
/** Small reads are widened to blocks of this size. Why: a header and what follows it then cost one request. */
const BLOCK_BYTES = 64 * 1024;
const KEPT_BLOCKS = 64;

/** A file behind a URL: every read asks the main thread for the range and waits for it. */
export function openRemote({ size, channel }: RemoteContent): OpenFile {
  const state = new Int32Array(channel.state);
  const data = new Uint8Array(channel.data);
  const blocks = new Map<number, Uint8Array>();

  function readRange(offset: number, length: number): Uint8Array {
    Atomics.store(state, 0, 0);
    channel.port.postMessage({ offset, length });
    Atomics.wait(state, 0, 0);
    const answered = Atomics.load(state, 1);
    if (answered < 0) throw new CordonError('network.refused', 'the server did not answer a range request');
    return data.slice(0, answered);
  }

  function block(start: number): Uint8Array {
    const bytes = blocks.get(start) ?? readRange(start, Math.min(BLOCK_BYTES, size - start));
    // Moved to the end: the first entry of the map is the one not used for longest.
    blocks.delete(start);
    blocks.set(start, bytes);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= KEPT_BLOCKS) break;
      blocks.delete(oldest);
    }
    return bytes;
  }

  function read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, size - offset));
    if (wanted === 0) return new Uint8Array(0);
    const inBlock = offset % BLOCK_BYTES;
    if (inBlock + wanted <= BLOCK_BYTES) return block(offset - inBlock).slice(inBlock, inBlock + wanted);
    const bytes = new Uint8Array(wanted);
    for (let filled = 0; filled < wanted; filled += data.length) {
      bytes.set(readRange(offset + filled, Math.min(data.length, wanted - filled)), filled);
    }
    return bytes;
  }

  return {
    source: { size, read },
    digest: async () => {
      const hash = createHash('sha256');
      for (let offset = 0; offset < size; offset += HASH_CHUNK) hash.update(read(offset, HASH_CHUNK));
      return hash.digest('hex');
    },
    close: () => channel.port.close(),
  };
}

import { createHash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { OpenFile } from '../file-source.ts';
import type { ConnectedContent } from '../jobs.ts';

const HASH_CHUNK = 4 * 1024 * 1024;
/** Reads are widened to blocks of this size. Why: a header and what follows it then cost one request. */
const BLOCK_BYTES = 16 * 1024;
/** Blocks fetched at once where a parser reads on and on; it starts with one and doubles. */
const MOST_BLOCKS = 4;
/** Longer reads are not kept: they are payload, not structure. */
const KEPT_READ_BYTES = 512 * 1024;
const KEPT_BLOCKS = 256;

/** A file behind a URL: every read asks the main thread for the range and waits for it. */
export function openRemote({ size, head, channel }: ConnectedContent): OpenFile {
  const state = new Int32Array(channel.state);
  const data = new Uint8Array(channel.data);
  const blocks = new Map<number, Uint8Array>();
  let [nextBlock, ahead] = [0, 1];
  for (let at = 0; at + BLOCK_BYTES <= head.length; at += BLOCK_BYTES) keep(at / BLOCK_BYTES, head.slice(at, at + BLOCK_BYTES));

  /** At most as many bytes as the shared window has. */
  function request(offset: number, length: number): Uint8Array {
    Atomics.store(state, 0, 0);
    channel.port.postMessage({ offset, length });
    Atomics.wait(state, 0, 0);
    const answered = Atomics.load(state, 1);
    if (answered >= 0) return data.slice(0, answered);
    throw new CordonError('network.refused', Buffer.from(data.slice(0, -1 - answered)).toString());
  }

  function keep(index: number, bytes: Uint8Array): void {
    // Moved to the end: the first entry of the map is the one not used for longest.
    blocks.delete(index);
    blocks.set(index, bytes);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= KEPT_BLOCKS) break;
      blocks.delete(oldest);
    }
  }

  function block(index: number): Uint8Array {
    const known = blocks.get(index);
    if (known !== undefined) {
      keep(index, known);
      return known;
    }
    ahead = index === nextBlock ? Math.min(MOST_BLOCKS, 2 * ahead) : 1;
    const start = index * BLOCK_BYTES;
    const bytes = request(start, Math.min(ahead * BLOCK_BYTES, size - start));
    nextBlock = index + ahead;
    for (let i = ahead - 1; i >= 0; i--) keep(index + i, bytes.slice(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
    return blocks.get(index) as Uint8Array;
  }

  /** Whole blocks at once. */
  function longRead(index: number, length: number): Uint8Array {
    const bytes = request(index * BLOCK_BYTES, Math.min(length, data.length));
    if (bytes.length <= KEPT_READ_BYTES)
      for (let at = 0; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES)
        keep(index + at / BLOCK_BYTES, bytes.slice(at, at + BLOCK_BYTES));
    return bytes;
  }

  function read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes = new Uint8Array(wanted);
    for (let filled = 0; filled < wanted;) {
      const index = Math.floor((offset + filled) / BLOCK_BYTES);
      const inBlock = offset + filled - index * BLOCK_BYTES;
      const missing = wanted - filled;
      const isLong = inBlock === 0 && missing >= 2 * BLOCK_BYTES && !blocks.has(index);
      const part = isLong ? longRead(index, missing) : block(index).subarray(inBlock, inBlock + missing);
      if (part.length === 0) break;
      bytes.set(part, filled);
      filled += part.length;
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

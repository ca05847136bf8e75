import type { FileHandle } from 'node:fs/promises';
import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';

/** Up to here bytes stay in memory: most files are small. */
const MEMORY_BYTES = 256 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** A file that a spool is written to. */
export interface SpoolFile {
  readonly handle: FileHandle;
  close(): Promise<void>;
}

/** Where a spool gets a file and room from. */
export interface SpoolRoom {
  file(): Promise<SpoolFile>;
  /** Throws where there is no room. */
  take(bytes: number): void;
  give(bytes: number): void;
}

/** Bytes that wait: written once, read piece by piece as often as they are needed. In memory while there are few. */
export class Spool implements Streamed {
  readonly #room: SpoolRoom;
  #held: Buffer[] = [];
  #file: SpoolFile | undefined;
  #taken = 0;
  #isClosed = false;
  length = 0;

  constructor(room: SpoolRoom) {
    this.#room = room;
  }

  /** Appends bytes. Wait for it before the next: so whoever sends them does not send more than is written. */
  async write(chunk: Buffer): Promise<void> {
    if (this.#isClosed) throw gone();
    this.#room.take(chunk.length);
    this.#taken += chunk.length;
    if (this.#file === undefined && this.length + chunk.length <= MEMORY_BYTES) {
      this.#held.push(chunk);
      this.length += chunk.length;
      return;
    }
    if (this.#file === undefined) {
      const file = await this.#room.file();
      // Why: whoever sent it may have left meanwhile, and nobody would close the file any more.
      if (this.#isClosed) {
        await file.close();
        throw gone();
      }
      this.#file = file;
      const held = Buffer.concat(this.#held);
      this.#held = [];
      await this.#append(held, 0);
    }
    await this.#append(chunk, this.length);
    this.length += chunk.length;
  }

  async *open(from = 0, to = this.length): AsyncGenerator<Buffer> {
    if (this.#file === undefined) {
      const all = Buffer.concat(this.#held);
      for (let at = from; at < to; at += CHUNK_BYTES) yield all.subarray(at, Math.min(to, at + CHUNK_BYTES));
      return;
    }
    for (let at = from; at < to;) {
      if (this.#isClosed) throw gone();
      const size = Math.min(CHUNK_BYTES, to - at);
      const { bytesRead, buffer } = await this.#file.handle.read(Buffer.allocUnsafe(size), 0, size, at);
      if (bytesRead === 0) throw new CordonError('gateway.unavailable', 'a file that waits was cut off');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Bytes in the middle. */
  range(from: number, to: number): Streamed {
    return { length: to - from, open: () => this.open(from, to) };
  }

  /** Offset of bytes at or behind `from`; -1 where they are not. */
  async find(bytes: Buffer, from: number): Promise<number> {
    let tail: Buffer = Buffer.alloc(0);
    let at = from;
    for await (const chunk of this.open(from)) {
      const joined = Buffer.concat([tail, chunk]);
      const found = joined.indexOf(bytes);
      if (found >= 0) return at - tail.length + found;
      at += chunk.length;
      tail = joined.subarray(Math.max(0, joined.length - bytes.length + 1));
    }
    return -1;
  }

  /** Gives up what it holds. Whoever still reads from it fails. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#held = [];
    this.#room.give(this.#taken);
    this.#taken = 0;
    await this.#file?.close();
  }

  async #append(bytes: Buffer, position: number): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.#file!.handle.write(bytes, at, bytes.length - at, position + at);
        at += bytesWritten;
      }
    } catch (cause) {
      throw new CordonError('gateway.unavailable', 'a file cannot be kept while it is looked at', { cause });
    }
  }
}

/** All bytes at once, for what is known to be short. */
export async function bytesOf(streamed: Streamed): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamed.open()) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function gone(): CordonError {
  return new CordonError('gateway.unavailable', 'what waited is not needed any more');
}

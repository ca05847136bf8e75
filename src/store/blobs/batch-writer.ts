import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Bytes gathered before they are written: fewer system calls, and memory per upload stays at twice this. */
const BATCH_BYTES = 1 << 20;

/** Writes at growing positions while the next bytes are gathered and hashed, one write in flight at a time. */
export class BatchWriter {
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #position: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #inFlight: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle, hash: Hash, position: number) {
    this.#handle = handle;
    this.#hash = hash;
    this.#position = position;
  }

  /** Where the next byte will go. */
  get end(): number {
    return this.#position + this.#pendingBytes;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.byteLength;
    if (this.#pendingBytes >= BATCH_BYTES) await this.#start();
  }

  /** Resolves when everything is with the operating system. */
  async flush(): Promise<void> {
    await this.#start();
    await this.#inFlight;
  }

  async #start(): Promise<void> {
    await this.#inFlight;
    if (this.#pendingBytes === 0) return;
    this.#inFlight = writeAll(this.#handle, this.#pending, this.#position);
    // The failure is reported by whoever waits next.
    this.#inFlight.catch(() => undefined);
    this.#position += this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

async function writeAll(handle: FileHandle, chunks: Uint8Array[], position: number): Promise<void> {
  let rest = chunks;
  let at = position;
  while (rest.length > 0) {
    // Why the slice: the system takes at most 1024 pieces at a time.
    const { bytesWritten } = await handle.writev(rest.slice(0, 1024), at);
    at += bytesWritten;
    rest = after(rest, bytesWritten);
  }
}

/** What is left of the chunks after a number of bytes. */
function after(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  const left: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (skip >= chunk.byteLength) skip -= chunk.byteLength;
    else {
      left.push(chunk.subarray(skip));
      skip = 0;
    }
  }
  return left;
}

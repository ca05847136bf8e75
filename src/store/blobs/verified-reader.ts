import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CordonError } from '../../core/errors.ts';
import { READ_BYTES, takeBuffer } from './read-buffers.ts';
import { storageError } from './storage-error.ts';

/**
 * A file as a stream that ends properly only if the bytes have the digest: the last piece is held back until all are hashed.
 * The receiver of a corrupt file gets an error and too few bytes, never a complete wrong file.
 */
export class VerifiedReader extends Readable {
  readonly #handle: FileHandle;
  readonly #sha256: string;
  readonly #onResult: (intact: boolean) => void;
  readonly #hash = createHash('sha256');
  #position = 0;
  #held: Buffer | undefined;

  constructor(handle: FileHandle, sha256: string, onResult: (intact: boolean) => void) {
    super({ highWaterMark: 2 * READ_BYTES });
    this.#handle = handle;
    this.#sha256 = sha256;
    this.#onResult = onResult;
  }

  override _read(): void {
    this.#next().catch((error: unknown) => this.destroy(storageError(error) as Error));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#close(error, done);
  }

  async #close(failure: Error | null, ended: (failure: Error | null) => void): Promise<void> {
    // Nothing was written through this handle, so a failure to close it loses nothing.
    await this.#handle.close().catch(() => undefined);
    ended(failure);
  }

  async #next(): Promise<void> {
    for (;;) {
      const { bytesRead, buffer } = await this.#handle.read(takeBuffer(), 0, READ_BYTES, this.#position);
      if (this.destroyed) return;
      if (bytesRead === 0) return this.#end();
      this.#position += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      this.#hash.update(chunk);
      const ready = this.#held;
      this.#held = chunk;
      if (ready === undefined) continue;
      this.push(ready);
      return;
    }
  }

  #end(): void {
    const intact = this.#hash.digest('hex') === this.#sha256;
    this.#onResult(intact);
    if (!intact) {
      this.destroy(new CordonError('storage.corrupt', `the stored bytes of ${this.#sha256} have another digest`));
      return;
    }
    if (this.#held !== undefined) this.push(this.#held);
    this.push(null);
  }
}

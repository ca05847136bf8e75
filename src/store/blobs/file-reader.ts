import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { READ_BYTES, takeBuffer } from './read-buffers.ts';
import { storageError } from './storage-error.ts';

/** A part of a file as a stream, in buffers that can be given back. Closes the file. */
export class FileReader extends Readable {
  readonly #handle: FileHandle;
  readonly #end: number;
  #position: number;

  /** From `start` to `end`, exclusive, in bytes. */
  constructor(handle: FileHandle, start: number, end: number) {
    super({ highWaterMark: 2 * READ_BYTES });
    this.#handle = handle;
    this.#position = start;
    this.#end = end;
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
    const wanted = Math.min(READ_BYTES, this.#end - this.#position);
    if (wanted <= 0) return void this.push(null);
    const { bytesRead, buffer } = await this.#handle.read(takeBuffer(), 0, wanted, this.#position);
    if (this.destroyed) return;
    this.#position += bytesRead;
    this.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead));
  }
}

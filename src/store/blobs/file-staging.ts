import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { chmod, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CordonError } from '../../core/errors.ts';
import { BatchWriter } from './batch-writer.ts';
import type { Expected, StoredBlob, Staging } from './blob-store.ts';
import { sealFile, unlinkIfThere } from './durable.ts';
import { gitSha1 } from './digest.ts';
import { onStorage } from './storage-error.ts';

/** What a staging needs of the store it belongs to. */
export interface StagingHome {
  readonly maxBlobBytes: number;
  /** Makes a sealed file a blob. The file may be linked, moved or copied, and is removed afterwards. */
  publish(path: string, blob: StoredBlob): Promise<void>;
  /** Called when the staging exists no more. */
  gone(id: string): void;
}

/** A staging in a file. The hash goes along with the bytes; after a crash it is made again from the file. */
export class FileStaging implements Staging {
  readonly id: string;
  readonly #path: string;
  readonly #home: StagingHome;
  #hash: Hash = createHash('sha256');
  #offset = 0;
  /** False when hash and offset may not be what the file says. */
  #inStep = false;
  #busy = false;

  constructor(id: string, path: string, home: StagingHome) {
    this.id = id;
    this.#path = path;
    this.#home = home;
  }

  get offset(): number {
    return this.#offset;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Reads what is in the file, if it is not known. */
  async catchUp(): Promise<void> {
    await this.#alone(() => this.#catchUp());
  }

  append(chunks: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#alone(async () => {
      const { nlink, mode } = await this.#catchUp();
      // Why: after a crash at the end of finish() this file is the blob itself, under its second name.
      if (nlink > 1) throw new CordonError('storage.busy', 'the upload is complete: finish it');
      if ((mode & 0o200) === 0) await chmod(this.#path, 0o600);
      const handle = await open(this.#path, 'r+');
      this.#inStep = false;
      const writer = new BatchWriter(handle, this.#hash, this.#offset);
      try {
        try {
          for await (const chunk of chunks) {
            if (writer.end + chunk.byteLength > this.#home.maxBlobBytes)
              throw new CordonError('input.too-large', `a file may have at most ${this.#home.maxBlobBytes} bytes`);
            await writer.add(chunk);
          }
        } finally {
          await writer.flush();
          this.#offset = writer.end;
          this.#inStep = true;
        }
      } finally {
        await handle.close();
      }
      return this.#offset;
    });
  }

  finish(expected: Expected, beforeVisible?: (blob: StoredBlob) => Promise<void>): Promise<StoredBlob> {
    return this.#alone(async () => {
      const { nlink } = await this.#catchUp();
      const sha256 = this.#hash.copy().digest('hex');
      await this.#compare(expected, sha256);
      const blob = { sha256, size: this.#offset, gitSha1: await gitSha1(this.#path, this.#offset) };
      if (nlink === 1) await sealFile(this.#path);
      await beforeVisible?.(blob);
      await this.#home.publish(this.#path, blob);
      await this.#remove();
      return blob;
    });
  }

  async read(): Promise<Readable> {
    await this.catchUp();
    return this.#offset === 0 ? Readable.from([]) : createReadStream(this.#path, { end: this.#offset - 1, highWaterMark: 1 << 18 });
  }

  discard(): Promise<void> {
    return this.#alone(() => this.#remove());
  }

  /** What is too short may be continued; what is wrong cannot become right and is removed. */
  async #compare(expected: Expected, sha256: string): Promise<void> {
    const { size } = expected;
    if (size !== undefined && this.#offset < size)
      throw new CordonError('input.mismatch', `${size} bytes were announced, ${this.#offset} came: send the rest`);
    const wrong =
      size !== undefined && this.#offset > size
        ? `${size} bytes were announced, ${this.#offset} came`
        : expected.sha256 !== undefined && expected.sha256 !== sha256
          ? `the bytes have the SHA-256 ${sha256}, announced was ${expected.sha256}`
          : undefined;
    if (wrong === undefined) return;
    await this.#remove();
    throw new CordonError('input.mismatch', wrong);
  }

  async #catchUp(): Promise<Stats> {
    const stats = await stat(this.#path);
    if (this.#inStep && stats.size === this.#offset) return stats;
    const hash = createHash('sha256');
    let offset = 0;
    for await (const chunk of createReadStream(this.#path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      offset += (chunk as Buffer).byteLength;
    }
    [this.#hash, this.#offset, this.#inStep] = [hash, offset, true];
    return stats;
  }

  async #remove(): Promise<void> {
    await unlinkIfThere(this.#path);
    this.#home.gone(this.id);
  }

  /** Why: two requests that continue one upload at the same time would mix their bytes. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new CordonError('storage.busy', 'another request is writing this upload');
    this.#busy = true;
    try {
      return await onStorage(work);
    } finally {
      this.#busy = false;
    }
  }
}

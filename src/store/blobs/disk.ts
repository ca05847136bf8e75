import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { CordonError } from '../../core/errors.ts';
import { BackgroundChecks } from './background-checks.ts';
import type { BlobStore, ByteRange, Integrity, ListedBlob, Staging, StoredBlob } from './blob-store.ts';
import { checkRange } from './byte-range.ts';
import { checkedDigest } from './digest.ts';
import { linkOnce, syncFolder, unlinkIfThere } from './durable.ts';
import { FileReader } from './file-reader.ts';
import { StagingArea } from './staging-area.ts';
import { onStorage, systemCode } from './storage-error.ts';
import { VerifiedReader } from './verified-reader.ts';
import { VerifiedRecently } from './verified-recently.ts';

/** Where blobs lie and how carefully they are read. */
export interface DiskBlobOptions {
  readonly folder: string;
  /** Largest blob, bytes. Default 512 GiB. */
  readonly maxBlobBytes?: number;
  /** For how long a checked, untouched file is read without another check, milliseconds. Default a minute; 0: always check. */
  readonly trustCheckMs?: number;
  /** How often the blob behind range reads is checked, milliseconds. Default a day. */
  readonly rangeCheckMs?: number;
  /** Told when a blob turned out to be corrupt; it is out of service by then. */
  readonly onCorrupt?: (sha256: string) => void;
}

/** Opens, and makes where needed, a blob store in a folder of this machine. */
export async function openDiskBlobs(options: DiskBlobOptions): Promise<DiskBlobStore> {
  const store = new DiskBlobStore(options);
  await store.prepare();
  return store;
}

/** `sha256/ab/<digest>` for blobs, `staging/` for uploads, `corrupt/` for what was taken out of service. */
export class DiskBlobStore implements BlobStore {
  readonly #blobs: string;
  readonly #corrupt: string;
  readonly #staging: StagingArea;
  readonly #recent: VerifiedRecently;
  readonly #checks: BackgroundChecks;
  readonly #onCorrupt: (sha256: string) => void;

  constructor(options: DiskBlobOptions) {
    this.#blobs = join(options.folder, 'sha256');
    this.#corrupt = join(options.folder, 'corrupt');
    this.#staging = new StagingArea(join(options.folder, 'staging'), options.maxBlobBytes ?? 2 ** 39, (path, blob) =>
      this.#publish(path, blob),
    );
    this.#recent = new VerifiedRecently(options.trustCheckMs ?? 60_000);
    this.#onCorrupt = options.onCorrupt ?? (() => undefined);
    this.#checks = new BackgroundChecks(options.rangeCheckMs ?? 86_400_000, (sha256) => this.#checkAndSetAside(sha256));
  }

  /** Makes all folders at once, so that storing a blob never has to. */
  async prepare(): Promise<void> {
    await this.#staging.prepare();
    await onStorage(async () => {
      await mkdir(this.#corrupt, { recursive: true, mode: 0o700 });
      for (let byte = 0; byte < 256; byte++)
        await mkdir(join(this.#blobs, byte.toString(16).padStart(2, '0')), { recursive: true, mode: 0o750 });
      await syncFolder(this.#blobs);
      await syncFolder(dirname(this.#blobs));
    });
  }

  stage(options?: { readonly id?: string }): Promise<Staging> {
    return this.#staging.stage(options?.id);
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.size(sha256)) !== undefined;
  }

  size(sha256: string): Promise<number | undefined> {
    return onStorage(async () => {
      try {
        return (await stat(this.#path(sha256))).size;
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  }

  read(sha256: string, range?: ByteRange): Promise<Readable> {
    return onStorage(async () => {
      const handle = await open(this.#path(sha256), 'r');
      try {
        const stats = await handle.stat({ bigint: true });
        if (range !== undefined) {
          checkRange(range, Number(stats.size));
          this.#checks.wanted(sha256);
          if (range.start === range.end) {
            await handle.close();
            return Readable.from([]);
          }
          return new FileReader(handle, range.start, range.end);
        }
        if (this.#recent.has(sha256, stats)) return new FileReader(handle, 0, Number(stats.size));
        return new VerifiedReader(handle, sha256, (intact) => {
          if (intact) this.#recent.add(sha256, stats);
          // Why once more: what is wrong in memory may be right on disk.
          else this.#checks.now(sha256);
        });
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  async localPath(sha256: string): Promise<string> {
    if (!(await this.has(sha256))) throw new CordonError('storage.missing', 'the content is not in the store');
    return this.#path(sha256);
  }

  async verify(sha256: string): Promise<Integrity> {
    this.#recent.remove(sha256);
    try {
      const handle = await onStorage(() => open(this.#path(sha256), 'r'));
      for await (const _ of new VerifiedReader(handle, sha256, () => undefined));
      return 'intact';
    } catch (error) {
      if (error instanceof CordonError && error.code === 'storage.missing') return 'missing';
      if (error instanceof CordonError && error.code === 'storage.corrupt') return 'corrupt';
      throw error;
    }
  }

  setAside(sha256: string): Promise<void> {
    return onStorage(async () => {
      const path = this.#path(sha256);
      this.#recent.remove(sha256);
      try {
        await rename(path, join(this.#corrupt, `${sha256}.${Date.now()}`));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
      }
      await syncFolder(dirname(path));
      await syncFolder(this.#corrupt);
    });
  }

  remove(sha256: string): Promise<void> {
    return onStorage(async () => {
      const path = this.#path(sha256);
      this.#recent.remove(sha256);
      await unlinkIfThere(path);
      await syncFolder(dirname(path));
    });
  }

  async *list(): AsyncIterable<ListedBlob> {
    for (const folder of (await onStorage(() => readdir(this.#blobs))).sort()) {
      for (const sha256 of (await onStorage(() => readdir(join(this.#blobs, folder)))).sort()) {
        if (!/^[0-9a-f]{64}$/.test(sha256)) continue;
        const stats = await stat(this.#path(sha256)).catch(() => undefined);
        if (stats !== undefined) yield { sha256, size: stats.size, modifiedAt: stats.mtimeMs };
      }
    }
  }

  discardStale(before: number, keep: () => Promise<ReadonlySet<string>>): Promise<number> {
    return this.#staging.discardStale(before, keep);
  }

  /** Resolves when no check runs in the background. */
  checksDone(): Promise<void> {
    return this.#checks.idle();
  }

  async close(): Promise<void> {
    await this.#checks.close();
  }

  #path(sha256: string): string {
    return join(this.#blobs, checkedDigest(sha256).slice(0, 2), sha256);
  }

  async #publish(from: string, { sha256, size }: StoredBlob): Promise<void> {
    const path = this.#path(sha256);
    if (!(await linkOnce(from, path)) && (await stat(path)).size !== size) {
      // The bytes in hand were just checked; the others cannot have this digest.
      await this.setAside(sha256);
      this.#onCorrupt(sha256);
      await linkOnce(from, path);
    }
    await syncFolder(dirname(path));
  }

  async #checkAndSetAside(sha256: string): Promise<Integrity> {
    const integrity = await this.verify(sha256);
    if (integrity === 'corrupt') {
      await this.setAside(sha256);
      this.#onCorrupt(sha256);
    }
    return integrity;
  }
}

import { constants } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../ids.ts';
import type { StoredBlob } from './blob-store.ts';
import { unlinkIfThere } from './durable.ts';
import { FileStaging } from './file-staging.ts';
import { onStorage, systemCode } from './storage-error.ts';

/** How many idle stagings keep their hash in memory; the others read their file again when they are continued. */
const KEPT = 1000;

/** The folder in which uploads grow. */
export class StagingArea {
  readonly #folder: string;
  readonly #maxBlobBytes: number;
  readonly #publish: (path: string, blob: StoredBlob) => Promise<void>;
  /** Why kept: a request that continues an upload need not hash again what came before. */
  readonly #live = new Map<string, FileStaging>();

  constructor(folder: string, maxBlobBytes: number, publish: (path: string, blob: StoredBlob) => Promise<void>) {
    this.#folder = folder;
    this.#maxBlobBytes = maxBlobBytes;
    this.#publish = publish;
  }

  async prepare(): Promise<void> {
    await onStorage(() => mkdir(this.#folder, { recursive: true, mode: 0o700 }));
  }

  /** Opens the staging with this id, or makes it. */
  async stage(id: string = newId()): Promise<FileStaging> {
    if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(id))
      throw new CordonError('usage.invalid', 'an upload id has letters, digits, - and _ only');
    const path = join(this.#folder, id);
    await onStorage(() => createIfMissing(path));
    const known = this.#live.get(id);
    if (known !== undefined) return known;
    const staging = new FileStaging(id, path, {
      maxBlobBytes: this.#maxBlobBytes,
      publish: this.#publish,
      gone: () => this.#live.delete(id),
    });
    this.#keep(id, staging);
    await staging.catchUp();
    return staging;
  }

  /** Removes what nobody touched since `before`, except `keep`. */
  async discardStale(before: number, keep: () => Promise<ReadonlySet<string>>): Promise<number> {
    let removed = 0;
    const ids = await onStorage(() => readdir(this.#folder));
    const kept = await keep();
    for (const id of ids) {
      if (kept.has(id) || this.#live.get(id)?.busy === true) continue;
      const path = join(this.#folder, id);
      const modified = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      );
      if (modified >= before || this.#live.get(id)?.busy === true) continue;
      await onStorage(() => unlinkIfThere(path));
      this.#live.delete(id);
      removed++;
    }
    return removed;
  }

  #keep(id: string, staging: FileStaging): void {
    if (this.#live.size >= KEPT) {
      const idle = [...this.#live].find(([, { busy }]) => !busy);
      if (idle !== undefined) this.#live.delete(idle[0]);
    }
    this.#live.set(id, staging);
  }
}

async function createIfMissing(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    await handle.close();
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { Spool, type SpoolFile } from './spool.ts';

/** Why: what is older was left by a process that is gone; no upload lasts as long. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/** Where bodies wait that are too long for memory: files without a name in one folder, bounded all together. */
export class Spools {
  readonly #folder: string;
  #maxBytes: number;
  #bytes = 0;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Something that bytes are written to, and read from as often as they are needed. Its owner closes it. */
  open(): Spool {
    return new Spool({ file: () => this.#file(), take: (bytes) => this.#take(bytes) });
  }

  reconfigure(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  /** Removes what processes left behind that are gone. Only systems that cannot remove open files have any. */
  async clean(now = Date.now()): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const path = join(this.#folder, name);
      const age =
        now -
        (await stat(path)
          .then(({ mtimeMs }) => mtimeMs)
          .catch(() => now));
      if (age > LEFT_BEHIND_MS) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** Throws `storage.full` where there is no room; negative numbers give back. */
  #take(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.#maxBytes)
      throw new CordonError('gateway.unavailable', 'There is no room now for files that wait; try again.');
    this.#bytes += bytes;
  }

  async #file(): Promise<SpoolFile> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, randomBytes(16).toString('hex'));
    const handle = await open(path, 'wx+', 0o600);
    // Why at once: whatever becomes of the process, nothing stays on the disk.
    const isGone = await rm(path).then(
      () => true,
      () => false,
    );
    return {
      handle,
      async close() {
        await handle.close();
        if (!isGone) await rm(path, { force: true });
      },
    };
  }
}

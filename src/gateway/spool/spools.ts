import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SharedRoom } from '../http/shared-room.ts';
import { Spool, type SpoolFile } from './spool.ts';

/** Why: what is older was left by a process that is gone; no upload lasts as long. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/** Where bodies wait that are too long for memory: files without a name in one folder, bounded all together. */
export class Spools {
  readonly #folder: string;
  readonly #room: SharedRoom;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#room = new SharedRoom(maxBytes);
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#room.taken;
  }

  /** Something that bytes of a principal are written to, and read from as often as they are needed. Whoever opened it closes it. */
  open(owner: string): Spool {
    return new Spool({
      file: () => this.#file(),
      take: (bytes) => this.#room.take(owner, bytes),
      give: (bytes) => this.#room.give(owner, bytes),
    });
  }

  reconfigure(maxBytes: number): void {
    this.#room.resize(maxBytes);
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

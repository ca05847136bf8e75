import type { Integrity } from './blob-store.ts';

/** Checks blobs one after the other, each at most once in a while, without anybody waiting for it. */
export class BackgroundChecks {
  readonly #everyMs: number;
  readonly #check: (sha256: string) => Promise<Integrity>;
  readonly #checkedAt = new Map<string, number>();
  readonly #queue: string[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(everyMs: number, check: (sha256: string) => Promise<Integrity>) {
    this.#everyMs = everyMs;
    this.#check = check;
  }

  /** Says that a blob was read in part. */
  wanted(sha256: string, now: number = Date.now()): void {
    if (now - (this.#checkedAt.get(sha256) ?? -Infinity) >= this.#everyMs) this.now(sha256, now);
  }

  /** Checks a blob whenever it was checked before. */
  now(sha256: string, now: number = Date.now()): void {
    if (this.#closed) return;
    if (this.#checkedAt.size >= 100_000) this.#checkedAt.clear();
    this.#checkedAt.set(sha256, now);
    this.#queue.push(sha256);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is left to check. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let sha256 = this.#queue.shift(); sha256 !== undefined; sha256 = this.#queue.shift()) {
      // A check that fails says nothing about the bytes; the next reader asks again.
      await this.#check(sha256).catch(() => this.#checkedAt.delete(sha256 as string));
    }
    this.#running = undefined;
  }
}

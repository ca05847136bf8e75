import type { Store } from '../../store/open-store.ts';

/** Why: a write for each request would be the slowest part of it. A minute is exact enough to find unused tokens. */
const FLUSH_MS = 60_000;

/** Remembers when tokens were last used and writes it in batches. */
export class TokenUsage {
  readonly #store: Store;
  readonly #timer: NodeJS.Timeout;
  #used = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
    // Why swallowed: what is lost is a time, and the next flush brings a newer one.
    this.#timer = setInterval(() => void this.flush().catch(() => {}), FLUSH_MS);
    this.#timer.unref();
  }

  touch(token: string, now: number): void {
    this.#used.set(token, now);
  }

  /** Writes what was remembered, in one transaction. */
  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const used = this.#used;
    this.#used = new Map();
    // Why sorted: servers that write the same rows in different orders would wait for each other for ever.
    const rows = [...used].sort(([first], [second]) => (first < second ? -1 : 1));
    await this.#store.transaction(async (tx) => {
      for (const [id, at] of rows) {
        await tx
          .updateTable('token')
          .set({ last_used_at: at })
          .where('id', '=', id)
          .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', at)]))
          .execute();
      }
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}

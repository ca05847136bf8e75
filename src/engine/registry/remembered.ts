import type { Store } from '../../store/open-store.ts';

/**
 * Keeps rows that never change once they are written, such as the files of a sealed set, for each database. Whatever decides
 * who may read, or whether something is served, is never kept: a recall and a revocation count at once.
 */
export class Remembered<Value extends object> {
  readonly #most: number;
  readonly #values = new WeakMap<Store, Map<string, Value>>();

  /** `most`: how many are kept for one database; the oldest go first. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept under the key, else what `read` finds; nothing found is not kept. */
  async get(store: Store, key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    let values = this.#values.get(store);
    if (values === undefined) this.#values.set(store, (values = new Map()));
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = await read();
    if (value === undefined) return undefined;
    const oldest = values.keys().next();
    if (values.size >= this.#most && oldest.done !== true) values.delete(oldest.value);
    values.set(key, value);
    return value;
  }
}

import type { Store } from '../../store/open-store.ts';

interface Kept<Value> {
  readonly version: number;
  readonly value: Value;
}

/**
 * Keeps what the database says for as long as nothing changes in it about who may do what or what is served. Why asked each time:
 * a recall on any server counts with the next request on all of them. Nobody's permission is in here: callers authorize.
 */
export class Current<Value extends object> {
  readonly #most: number;
  readonly #values = new WeakMap<Store, Map<string, Kept<Value>>>();

  /** `most`: how many are kept for one database; the oldest go first. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept under the key, else what `read` finds; nothing found is not kept. */
  async get(store: Store, key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    let values = this.#values.get(store);
    if (values === undefined) this.#values.set(store, (values = new Map()));
    // Why before anything is read: what changes while it is read makes another number.
    const version = await store.changes();
    const known = values.get(key);
    if (known?.version === version) return known.value;
    values.delete(key);
    const value = await read();
    if (value === undefined) return undefined;
    const oldest = values.keys().next();
    if (values.size >= this.#most && oldest.done !== true) values.delete(oldest.value);
    values.set(key, { version, value });
    return value;
  }
}

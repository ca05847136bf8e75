import type { Store } from '../store/open-store.ts';
import type { Principal } from './permission.ts';

/** Why: a principal takes about a kilobyte, and whoever makes tokens must not fill the memory. */
const KEPT = 10_000;

/** Somebody as the database describes them. */
export interface KnownPrincipal {
  readonly principal: Principal;
  /** Epoch milliseconds until which this is so even if nobody changes anything: a token ends, or groups are forgotten. */
  readonly until: number;
}

/**
 * Principals by what proves them, for as long as nothing changes in the database about who may do what. Why asked each time: a
 * revocation on any server counts with the next request on all of them.
 */
export class KnownPrincipals {
  readonly #store: Store;
  readonly #kept = new Map<string, KnownPrincipal & { readonly version: number }>();
  #generation = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is known under the key, else what `load` finds. What it refuses is not kept. */
  async get<Refused>(
    key: string,
    now: number,
    load: () => Promise<KnownPrincipal | Refused>,
    isKnown: (loaded: KnownPrincipal | Refused) => loaded is KnownPrincipal,
  ): Promise<Principal | Refused> {
    const generation = this.#generation;
    // Why before anything is read: what changes while it is read makes another number.
    const version = await this.#store.changes();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.version === version && now < kept.until) return kept.principal;
    this.#kept.delete(key);
    const loaded = await load();
    if (!isKnown(loaded)) return loaded;
    if (generation !== this.#generation) return loaded.principal;
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(key, { ...loaded, version });
    return loaded.principal;
  }

  /** Forgets everybody, as another configuration does. What is being looked up now is not kept: it may be by the one before. */
  forget(): void {
    this.#generation++;
    this.#kept.clear();
  }
}

/** The earliest of some ends; null is none. */
export function earliestEnd(...ends: readonly (number | null)[]): number {
  return Math.min(...ends.map((end) => end ?? Infinity));
}

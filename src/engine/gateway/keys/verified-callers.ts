import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';

/** Somebody whose credential was verified a moment ago. */
interface Verified {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Why: a principal takes about a kilobyte. Two generations of half as many are kept. */
const MAX = 20_000;
/** Why: groups of a login and keys of an issuer end without an act that would tell. */
const KEPT_MS = 60_000;
/** Why: whoever sends made-up credentials must not make the database work for all of them at once. */
const MAX_LOOKUPS = 256;

/**
 * Principals by the SHA-256 of their credential, until something changes. What is being looked up while something changes
 * is not kept: it may be older than the change.
 */
export class VerifiedCallers {
  #young = new Map<string, Verified>();
  #old = new Map<string, Verified>();
  #lookups = new Map<string, Promise<Principal | undefined>>();
  #running = 0;
  #generation = 0;

  /** Grows whenever everybody is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  /** Whoever is remembered. */
  known(key: string, now: number): Principal | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.until > now ? young.principal : undefined;
    const old = this.#old.get(key);
    if (old === undefined || old.until <= now) return undefined;
    this.#keep(key, old);
    return old.principal;
  }

  /** Looks somebody up, once for all who ask at the same time; remembers who is found. */
  async lookUp(key: string, now: number, load: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const running = this.#lookups.get(key);
    if (running !== undefined) return await running;
    if (this.#running >= MAX_LOOKUPS) throw new CordonError('storage.busy', 'too many credentials are being looked up');
    const generation = this.#generation;
    const lookups = this.#lookups;
    this.#running++;
    const looking = load()
      .then((principal) => {
        const until = Math.min(now + KEPT_MS, principal?.credential.expiresAt ?? Infinity);
        if (principal !== undefined && generation === this.#generation) this.#keep(key, { principal, until });
        return principal;
      })
      .finally(() => {
        this.#running--;
        lookups.delete(key);
      });
    lookups.set(key, looking);
    return await looking;
  }

  /** Forgets everybody. Whoever asks from now on waits for no lookup that began before. */
  forget(): void {
    this.#generation++;
    this.#young = new Map();
    this.#old = new Map();
    this.#lookups = new Map();
  }

  #keep(key: string, verified: Verified): void {
    if (this.#young.size >= MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, verified);
  }
}

/** Failures that nobody notices: typing errors. */
const FREE = 5;
const LONGEST_MS = 300_000;
/** Why: whoever tries names at random must not fill the memory. */
const MAX_NAMES = 10_000;

/**
 * Slows down guessing of passwords by name: after some failures each further one doubles the wait. Why not locking: anybody
 * could lock others out.
 */
export class PasswordThrottle {
  /** Has the other processes of the server count a login as well; settles when they did. Undefined: there are none. */
  tellOthers: ((name: string, isGood: boolean) => Promise<void>) | undefined;
  readonly #failures = new Map<string, { count: number; until: number }>();

  /** Whether this name has to wait. */
  blocked(name: string, now: number): boolean {
    return (this.#failures.get(name)?.until ?? 0) > now;
  }

  failed(name: string, now: number): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    this.#failures.delete(name);
    if (this.#failures.size >= MAX_NAMES) this.#failures.delete(this.#failures.keys().next().value!);
    this.#failures.set(name, { count, until: count < FREE ? 0 : now + Math.min(LONGEST_MS, 1000 * 2 ** (count - FREE)) });
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }
}

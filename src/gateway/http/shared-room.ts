import { CordonError } from '../../core/errors.ts';

/** Bytes of room that all callers share. Nobody has more than half of it. Why: whoever fills it locks out only themselves. */
export class SharedRoom {
  #most: number;
  #taken = 0;
  readonly #byOwner = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#taken;
  }

  resize(most: number): void {
    this.#most = most;
  }

  /** Takes room for a principal. Throws `gateway.unavailable` where there is none. */
  take(owner: string, bytes: number): void {
    const own = (this.#byOwner.get(owner) ?? 0) + bytes;
    if (own > this.#most / 2 || this.#taken + bytes > this.#most)
      throw new CordonError('gateway.unavailable', 'There is no room now for what is sent; try again.');
    this.#byOwner.set(owner, own);
    this.#taken += bytes;
  }

  give(owner: string, bytes: number): void {
    const own = (this.#byOwner.get(owner) ?? 0) - bytes;
    if (own > 0) this.#byOwner.set(owner, own);
    else this.#byOwner.delete(owner);
    this.#taken -= bytes;
  }
}

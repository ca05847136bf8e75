/** Why: an attacker has as many addresses as they like. */
const MOST_ADDRESSES = 1_000;
/** Addresses that an entry names, the busiest first. */
const MOST_NAMED = 20;

/** Requests that left no record of their own, by the address that they came from. */
export class LeftOut {
  readonly #since: number;
  readonly #addresses = new Map<string, number>();
  requests = 0;

  /** Epoch milliseconds. */
  constructor(since: number) {
    this.#since = since;
  }

  add(address: string, count = 1): void {
    this.requests += count;
    const known = this.#addresses.get(address);
    if (known !== undefined || this.#addresses.size < MOST_ADDRESSES) this.#addresses.set(address, (known ?? 0) + count);
  }

  /** This and what came after it. */
  with(later: LeftOut): LeftOut {
    const both = new LeftOut(this.#since);
    for (const one of [this, later]) {
      for (const [address, count] of one.#addresses) both.add(address, count);
      both.requests += one.requests - [...one.#addresses.values()].reduce((sum, count) => sum + count, 0);
    }
    return both;
  }

  /** What the ledger says of it. */
  body(until: number): { since: number; until: number; requests: number; addresses: { ip: string; requests: number }[] } {
    const busiest = [...this.#addresses].toSorted(([, a], [, b]) => b - a).slice(0, MOST_NAMED);
    return { since: this.#since, until, requests: this.requests, addresses: busiest.map(([ip, requests]) => ({ ip, requests })) };
  }
}

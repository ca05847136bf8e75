/**
 * How many retries a provider gets: never more than a burst and a share of the requests to it. Why: retries of everybody against a
 * provider in trouble are what keeps it there.
 */
export class RetryBudget {
  granted = 0;
  denied = 0;
  readonly #ratio: number;
  readonly #burst: number;
  #saved: number;

  constructor(ratio: number, burst: number) {
    this.#ratio = ratio;
    this.#burst = burst;
    this.#saved = burst;
  }

  /** A request that is no retry. */
  deposit(): void {
    // Why at least one: with a small burst a share of the requests must still add up to a retry.
    this.#saved = Math.min(Math.max(this.#burst, this.#ratio > 0 ? 1 : 0), this.#saved + this.#ratio);
  }

  /** Whether one more retry is within the budget. */
  withdraw(): boolean {
    // Why not 1: five fifths add up to less in binary.
    if (this.#saved < 1 - 1e-9) {
      this.denied++;
      return false;
    }
    this.#saved -= 1;
    this.granted++;
    return true;
  }
}

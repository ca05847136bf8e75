import { NO, YES, type Check, type Meter } from './meter.ts';

/** Nobody knows when a call ends; a second is often enough and never a storm. */
export const RETRY_SLOT_MS = 1_000;

/** Calls at the same time that only this process counts. */
export class LocalSlots implements Meter {
  readonly kind = 'concurrency';
  limit: number;
  usedAt = 0;
  #inUse = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  check(amount: number): Check {
    return this.#inUse + amount <= this.limit ? YES : NO;
  }

  take(amount: number): number {
    this.#inUse += amount;
    return 0;
  }

  settle(taken: number): void {
    this.#inUse -= taken;
  }

  remaining(): number {
    return Math.max(0, this.limit - this.#inUse);
  }

  retryAfterMs(): number {
    return RETRY_SLOT_MS;
  }

  resetMs(): number {
    return this.#inUse === 0 ? 0 : RETRY_SLOT_MS;
  }

  idle(): boolean {
    return this.#inUse === 0;
  }
}

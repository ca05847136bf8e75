import type { LimitKind } from './limits.ts';
import { NO, YES, type Check, type Meter } from './meter.ts';
import { SlidingWindow } from './sliding-window.ts';

/** A rate that only this process counts. */
export class LocalWindow implements Meter {
  readonly kind: LimitKind;
  limit: number;
  usedAt = 0;
  readonly #window: SlidingWindow;

  constructor(kind: LimitKind, limit: number, windowMs: number) {
    this.kind = kind;
    this.limit = limit;
    this.#window = new SlidingWindow(windowMs);
  }

  check(amount: number, now: number): Check {
    return this.#window.total(now) + amount <= this.limit ? YES : NO;
  }

  take(amount: number, now: number): number {
    return this.#window.add(amount, now);
  }

  settle(taken: number, real: number, stamp: number, now: number): void {
    if (real < taken) this.#window.correct(stamp, real - taken);
    // Why now: a late surplus must count for a whole window, also when the slot it was reserved in is gone.
    else if (real > taken) this.#window.add(real - taken, now);
  }

  remaining(now: number): number {
    return Math.max(0, this.limit - this.#window.total(now));
  }

  retryAfterMs(amount: number, now: number): number {
    return this.#window.msUntilAtMost(Math.max(0, this.limit - amount), now);
  }

  resetMs(now: number): number {
    return this.#window.msUntilEmpty(now);
  }

  idle(now: number): boolean {
    return this.#window.total(now) === 0;
  }
}

import type { LimitKind } from './limits.ts';
import type { Ask, ExchangeTime, Grant } from './lease-store.ts';

/** Whether a meter lets something through: it does, it does not, or the shared store has to be asked first. */
export const YES = 0;
export const NO = 1;
export const ASK = 2;
export type Check = typeof YES | typeof NO | typeof ASK;

/** Counts one thing for one value of one rule. `check` before `take`, in one turn of the event loop: together they are atomic. */
export interface Meter {
  readonly kind: LimitKind;
  limit: number;
  /** Epoch milliseconds of the last call. */
  usedAt: number;
  check(amount: number, now: number): Check;
  /** Takes without asking again and answers a stamp for `settle`. */
  take(amount: number, now: number): number;
  /** What was taken turned out to be `real`. */
  settle(taken: number, real: number, stamp: number, now: number): void;
  /** As far as known here. */
  remaining(now: number): number;
  retryAfterMs(amount: number, now: number): number;
  /** Milliseconds until all of the limit is there again if nobody calls. */
  resetMs(now: number): number;
  /** Whether forgetting it changes nothing. */
  idle(now: number): boolean;
}

/** How a process stands with a shared store. */
export interface StoreLink {
  readonly state: 'connected' | 'lost' | 'refusing';
  readonly replicas: number;
  /** Asks soon, without anybody waiting. */
  poke(meter: LeasedMeter): void;
}

/** A meter that holds a lease of a shared store. */
export interface LeasedMeter extends Meter {
  /** What there is to say: always when `least` is above zero, otherwise undefined when there is nothing. */
  ask(now: number, need: number, least: number): Ask | undefined;
  granted(ask: Ask, grant: Grant, time: ExchangeTime, now: number): void;
  /** The answer did not come. The store may or may not have done what was asked. */
  unanswered(ask: Ask, now: number): void;
  /** The answer came after all, when it had been given up. */
  late(ask: Ask, grant: Grant): void;
  /** From now on the store does not answer. */
  alone(now: number): void;
  /** The store answers again; `forgot`: it does not know what was. */
  together(forgot: boolean, now: number): void;
  /** Whether nobody will use it again: its period is over and its calls have ended. */
  ended(now: number): boolean;
  /** The last thing to say; undefined when there is nothing. */
  farewell(now: number): Ask | undefined;
}

/** Length of a window, milliseconds. */
export const PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

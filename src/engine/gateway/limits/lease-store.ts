/**
 * What a process says to the store of counters about one pool, and what it asks for. Amounts of slots and budgets are absolute
 * and numbered: said twice they do no harm, said late they are ignored.
 */
export type Ask = WindowAsk | SlotsAsk | BudgetAsk;

/** Points of a sliding window. They may be used until the part of the window after theirs ends ({@link sharedSlotMs}). */
export interface WindowAsk {
  readonly kind: 'window';
  readonly pool: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Points that would be welcome, and the fewest that are of use. */
  readonly take: number;
  readonly atLeast: number;
  /** Points already used without having been taken: counted whatever the limit says. */
  readonly charge: number;
  /** Taken points that were not used: slot and amount. Said once only, never again after a failure. */
  readonly back: readonly (readonly [slot: number, amount: number])[];
}

/** Places for calls at the same time, held until given back or not renewed. */
export interface SlotsAsk {
  readonly kind: 'slots';
  readonly pool: string;
  readonly limit: number;
  readonly lease: string;
  readonly sequence: number;
  readonly held: number;
  readonly atLeast: number;
  readonly ttlMs: number;
}

/** Money, in micro-dollars: what was spent under this lease, and up to where it may go. A ceiling counts until it is lowered. */
export interface BudgetAsk {
  readonly kind: 'budget';
  readonly pool: string;
  readonly limit: number;
  readonly lease: string;
  readonly sequence: number;
  readonly spent: number;
  /** Spent and reserved. */
  readonly used: number;
  readonly ceiling: number;
  readonly atLeast: number;
  /** Epoch milliseconds; null for a budget without end. */
  readonly endsAt: number | null;
  /** The lease is over: only what was used stays charged. */
  readonly close: boolean;
}

/** What the store answers to one ask. */
export interface Grant {
  /** Window: new points. Slots: places held. Budget: the ceiling. */
  readonly granted: number;
  /** What nobody holds, after this. */
  readonly remaining: number;
  /** Milliseconds after which asking again may help; 0 when all was granted. */
  readonly retryAfterMs: number;
  /** Slot that points of a window were taken in. */
  readonly slot: number;
}

/** When an exchange took place: when it was begun here, and what time it was in the store. */
export interface ExchangeTime {
  readonly askedAt: number;
  readonly storeNow: number;
}

/** The answer to several asks. */
export interface Exchange {
  readonly grants: readonly Grant[];
  /** Processes that were heard of lately, this one included. */
  readonly replicas: number;
  /** Clock of the store, epoch milliseconds. */
  readonly now: number;
  /** Changes when the store has lost what it knew. */
  readonly epoch: string;
}

/** A budget as the store knows it. Micro-dollars. */
export interface PoolSpending {
  readonly pool: string;
  readonly spent: number;
  readonly held: number;
}

/** Where counters are shared, or kept over a restart. Each exchange is atomic for every pool. */
export interface LeaseStore {
  exchange(holder: string, asks: readonly Ask[]): Promise<Exchange>;
  spending(): Promise<readonly PoolSpending[]>;
  close(): Promise<void>;
}

/** Parts of a shared window. Why fewer for a second: a lease of 8 ms would not outlive the way to the store. */
export function sharedSlots(windowMs: number): number {
  return windowMs <= 1_000 ? 40 : 120;
}

/** Length of a part of a shared window, milliseconds: points may be used in the part they were taken in and in the next. */
export function sharedSlotMs(windowMs: number): number {
  return windowMs / sharedSlots(windowMs);
}

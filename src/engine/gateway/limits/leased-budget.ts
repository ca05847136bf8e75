import type { Ask, BudgetAsk, ExchangeTime, Grant } from './lease-store.ts';
import { ASK, NO, YES, type Check, type LeasedMeter, type StoreLink } from './meter.ts';
import { BUDGET_LEASE_MS } from './pool-state.ts';

const REFUSE_AT_MOST_MS = 500;
const RENEW_MS = 600_000;
/** Money that nobody uses is kept for so long, if it is at most this part of the rest for each process. */
const KEEP_MS = 60_000;
const KEEP_PART = 64;

/** What a budget is made of. */
export interface BudgetParts {
  readonly pool: string;
  readonly lease: string;
  /** Micro-dollars. */
  readonly limit: number;
  /** Epoch milliseconds, null without end. */
  readonly endsAt: number | null;
  readonly link: StoreLink;
}

/**
 * Money of one period. The store has written down a ceiling for this process before anything is spent under it, and lowers it
 * only after this process did: what all processes reserve together is never more than the budget, whatever dies when. A
 * process that ends by force leaves its ceiling charged: what it really spent, nobody knows.
 */
export class LeasedBudget implements LeasedMeter {
  readonly kind = 'budget';
  limit: number;
  usedAt = 0;
  readonly endsAt: number | null;
  readonly #pool: string;
  readonly #leaseName: string;
  readonly #link: StoreLink;
  #generation = 0;
  #sequence = 0;
  #ceiling = 0;
  #spent = 0;
  #reserved = 0;
  /** What was reserved since the store was last told: how fast money goes. */
  #pace = 0;
  #told = { spent: 0, ceiling: 0 };
  #heardAt = 0;
  #askedAt = 0;
  #remaining: number;
  #refusedUntil = 0;
  #refusedAmount = 0;
  #retryAt = 0;

  constructor({ pool, lease, limit, endsAt, link }: BudgetParts) {
    this.#pool = pool;
    this.#leaseName = lease;
    this.limit = limit;
    this.endsAt = endsAt;
    this.#link = link;
    this.#remaining = limit;
  }

  /** Name of the budget in the store, period included. */
  get pool(): string {
    return this.#pool;
  }

  check(amount: number, now: number): Check {
    if (amount === 0) return YES;
    const used = this.#spent + this.#reserved;
    // Why the age: the store closes leases that it has not heard of for twice as long.
    if (used + amount <= Math.min(this.#ceiling, this.limit) && now - this.#heardAt < BUDGET_LEASE_MS / 2) return YES;
    if (this.#link.state !== 'connected' || used + amount > this.limit) return NO;
    return now < this.#refusedUntil && amount >= this.#refusedAmount ? NO : ASK;
  }

  take(amount: number): number {
    this.#reserved += amount;
    this.#pace += amount;
    if (amount > 0 && this.#spent + this.#reserved + amount > this.#ceiling) this.#link.poke(this);
    return this.#generation;
  }

  settle(taken: number, real: number, stamp: number): void {
    // Why: calls that began under a lease that ended are charged there with all that was reserved.
    if (stamp !== this.#generation) return;
    this.#reserved -= taken;
    this.#spent += real;
  }

  remaining(): number {
    return this.#remaining + Math.max(0, this.#ceiling - this.#spent - this.#reserved);
  }

  retryAfterMs(amount: number, now: number): number {
    if (this.#spent + this.#reserved + amount <= this.limit && this.#link.state !== 'connected') return 5_000;
    if (this.#retryAt > now) return this.#retryAt - now;
    return this.#spent + amount > this.limit && this.endsAt !== null ? Math.max(1_000, this.endsAt - now) : 1_000;
  }

  resetMs(now: number): number {
    return this.endsAt === null ? 0 : Math.max(0, this.endsAt - now);
  }

  idle(): boolean {
    return this.#reserved === 0 && this.#ceiling === 0 && this.#spent === 0;
  }

  ask(now: number, need: number, least: number): Ask | undefined {
    if (this.#sequence > 0 && now - this.#heardAt >= BUDGET_LEASE_MS / 2) this.#begin();
    const used = this.#spent + this.#reserved;
    // Why twice: the next second may be twice as busy; what is not used comes back a moment later.
    let ceiling = Math.min(this.limit, used + need + 2 * this.#pace);
    if (this.#mayKeep(used, now)) ceiling = Math.max(ceiling, Math.min(this.limit, this.#ceiling));
    this.#pace = need > 0 ? this.#pace : 0;
    if (need === 0) {
      if (used === 0 && this.#ceiling === 0) return undefined;
      if (this.#reserved === 0 && ceiling === used) return this.farewell(now);
      const same = ceiling === this.#told.ceiling && this.#spent === this.#told.spent;
      if (same && now - this.#askedAt < RENEW_MS) return undefined;
    }
    // Why first here: from now on the store may give the rest to others.
    this.#ceiling = Math.min(this.#ceiling, ceiling);
    return this.#say(ceiling, used + least, false, now);
  }

  granted(ask: BudgetAsk, { granted, remaining, retryAfterMs }: Grant, _time: ExchangeTime, now: number): void {
    this.#remaining = remaining;
    this.#heardAt = now;
    if (ask.close) return;
    this.#ceiling = granted;
    this.#told = { spent: ask.spent, ceiling: granted };
    if (granted >= ask.atLeast) {
      this.#refusedUntil = 0;
      return;
    }
    this.#refusedUntil = now + Math.min(retryAfterMs, REFUSE_AT_MOST_MS);
    this.#retryAt = now + retryAfterMs;
    this.#refusedAmount = ask.atLeast - ask.used;
  }

  unanswered(ask: BudgetAsk): void {
    // Why: whether the lease is closed is not known; what it says next would be a new lease, and it said all it had to.
    if (ask.close) return;
    this.#told = { spent: -1, ceiling: -1 };
  }

  /** What is said next says all of it anew. */
  late(): void {}

  alone(): void {
    this.#refusedUntil = 0;
  }

  together(_forgot: boolean, now: number): void {
    if (now - this.#heardAt < BUDGET_LEASE_MS / 2) this.#link.poke(this);
  }

  ended(now: number): boolean {
    return this.endsAt !== null && now >= this.endsAt && this.idle();
  }

  farewell(now: number): Ask | undefined {
    if (this.#sequence === 0) return undefined;
    const ask = this.#say(0, 0, true, now);
    this.#begin();
    return ask;
  }

  /** Why: a call now and then should not wait for the database each time, as long as there is plenty for everybody. */
  #mayKeep(used: number, now: number): boolean {
    const spare = this.#ceiling - used;
    return now - this.usedAt < KEEP_MS && spare * KEEP_PART * this.#link.replicas <= this.#remaining;
  }

  /** A lease after this one: what was spent and reserved before is charged to the one that ends. */
  #begin(): void {
    this.#generation++;
    this.#sequence = 0;
    this.#ceiling = 0;
    this.#spent = 0;
    this.#reserved = 0;
  }

  #say(ceiling: number, atLeast: number, close: boolean, now: number): BudgetAsk {
    this.#askedAt = now;
    return {
      kind: 'budget',
      pool: this.#pool,
      limit: this.limit,
      lease: `${this.#leaseName}.${this.#generation}`,
      sequence: ++this.#sequence,
      spent: this.#spent,
      used: this.#spent + this.#reserved,
      ceiling,
      atLeast,
      endsAt: this.endsAt,
      close,
    };
  }
}

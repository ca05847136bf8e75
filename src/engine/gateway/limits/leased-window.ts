import { sharedSlotMs, type Ask, type ExchangeTime, type Grant, type WindowAsk } from './lease-store.ts';
import type { LimitKind } from './limits.ts';
import { ASK, NO, YES, type Check, type LeasedMeter, type StoreLink } from './meter.ts';
import { SlidingWindow } from './sliding-window.ts';

/** What a settlement of points that were taken without a lease carries. */
const UNLEASED = -1;
/** Why at most: others may give back points sooner than they slide out. */
const REFUSE_AT_MOST_MS = 250;
/** The same as a part of the window: points of a second that nobody asks for in time are lost with it. */
const REFUSE_AT_MOST = 1 / 40;
const MOST_BACK = 32;
/** Points that nobody used here for so long are the others'. */
const KEEP_MS = 5_000;
/** Part of a lease at the end of which the next one is asked for. */
const AHEAD = 0.6;

/**
 * A rate that processes count together. Points are leased from the store for one part of the window; without the store, this
 * process keeps to its part of what was left: never the number of processes times the limit.
 */
export class LeasedWindow implements LeasedMeter {
  readonly kind: LimitKind;
  limit: number;
  usedAt = 0;
  readonly #pool: string;
  readonly #windowMs: number;
  readonly #slotMs: number;
  readonly #link: StoreLink;
  /** What this process used: with a lease, and without one since the store was lost. */
  readonly #own: SlidingWindow;
  #unleased: SlidingWindow;
  #free = 0;
  #slot = 0;
  #until = 0;
  /** Points to ask for ahead: doubled when they ran out early, halved when half of them came back. */
  #chunk = 0;
  /** Whether anything was taken of this lease. */
  #used = false;
  #charge = 0;
  #back = new Map<number, number>();
  #remaining: number;
  #seenAt = 0;
  #refusedUntil = 0;
  #refusedAmount = 0;
  /** When the store expected room, as clients are told: what others give back before that is luck. */
  #roomAt = 0;
  /** What others had used when the store was lost, and until when that counts. */
  #ghost = 0;
  #ghostUntil = 0;

  constructor(kind: LimitKind, pool: string, limit: number, windowMs: number, link: StoreLink) {
    this.kind = kind;
    this.#pool = pool;
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#slotMs = sharedSlotMs(windowMs);
    this.#link = link;
    this.#own = new SlidingWindow(windowMs);
    this.#unleased = new SlidingWindow(windowMs);
    this.#remaining = limit;
  }

  check(amount: number, now: number): Check {
    if (amount <= this.#free && now < this.#until) return YES;
    if (amount === 0) return YES;
    if (this.#link.state !== 'connected') return this.#link.state === 'lost' && amount <= this.#aloneRoom(now) ? YES : NO;
    if (amount > this.limit) return NO;
    return now < this.#refusedUntil && amount >= this.#refusedAmount ? NO : ASK;
  }

  take(amount: number, now: number): number {
    if (amount > this.#free || now >= this.#until) {
      if (amount > 0) this.#unleased.add(amount, now);
      this.#charge += amount;
      return UNLEASED;
    }
    this.#own.add(amount, now);
    this.#free -= amount;
    this.#used = true;
    if (this.#free <= this.#chunk / 4 && amount > 0) this.#link.poke(this);
    return this.#slot;
  }

  settle(taken: number, real: number, stamp: number, now: number): void {
    const back = taken - real;
    if (back < 0) {
      this.#own.add(-back, now);
      this.#charge -= back;
    } else if (stamp === UNLEASED) {
      this.#charge = Math.max(0, this.#charge - back);
    } else if (stamp === this.#slot && now < this.#until) {
      this.#free += back;
    } else if (back > 0) {
      this.#giveBack(stamp, back);
    }
  }

  remaining(now: number): number {
    if (this.#link.state !== 'connected') return Math.max(0, this.#aloneRoom(now));
    return this.#remaining + (now < this.#until ? this.#free : 0);
  }

  retryAfterMs(amount: number, now: number): number {
    if (this.#link.state === 'refusing') return 5_000;
    return amount > this.limit ? this.#windowMs : Math.max(1, this.#roomAt - now, this.#ownRetryMs(amount, now));
  }

  resetMs(now: number): number {
    return Math.max(this.#own.msUntilEmpty(now), this.#unleased.msUntilEmpty(now));
  }

  idle(now: number): boolean {
    return (
      this.#own.total(now) === 0 && this.#unleased.total(now) === 0 && this.#charge === 0 && this.#back.size === 0 && now >= this.#until
    );
  }

  ask(now: number, need: number, least: number): Ask | undefined {
    const running = now < this.#until;
    if (!running && this.#free > 0) {
      this.#chunk = this.#free * 2 > this.#chunk ? Math.floor(this.#chunk / 2) : this.#chunk;
      this.#giveBack(this.#slot, this.#free);
      this.#free = 0;
    }
    if (running && this.#free > 0 && this.#link.replicas > 1 && now - this.usedAt > KEEP_MS) {
      this.#giveBack(this.#slot, this.#free);
      this.#free = 0;
      this.#until = 0;
    }
    // Why ahead: a lease ends soon anyway, and the next call should not have to wait for another.
    const ending = now < this.#until && this.#used && this.#until - now < AHEAD * this.#slotMs;
    const low = now < this.#until && this.#free <= this.#chunk / 4;
    if (low || need > 0) this.#chunk = Math.min(this.limit, Math.max(1, need, this.#chunk * (low ? 2 : 1)));
    const take = need > 0 || low || ending ? need + this.#chunk : 0;
    if (take === 0 && this.#charge === 0 && this.#back.size === 0) return undefined;
    const back = [...this.#back].slice(0, MOST_BACK);
    for (const [slot] of back) this.#back.delete(slot);
    const charge = this.#charge;
    this.#charge = 0;
    return { kind: 'window', pool: this.#pool, limit: this.limit, windowMs: this.#windowMs, take, atLeast: least, charge, back };
  }

  granted(ask: WindowAsk, { granted, remaining, retryAfterMs, slot }: Grant, time: ExchangeTime, now: number): void {
    this.#remaining = remaining;
    this.#seenAt = now;
    if (granted < ask.atLeast) {
      this.#refusedUntil = now + Math.min(retryAfterMs, REFUSE_AT_MOST_MS, this.#windowMs * REFUSE_AT_MOST);
      this.#refusedAmount = ask.atLeast;
      this.#roomAt = now + retryAfterMs;
    } else if (ask.take > 0) this.#refusedUntil = 0;
    if (granted === 0) {
      this.#chunk = Math.min(this.#chunk, Math.max(1, remaining));
      return;
    }
    if (this.#free > 0 && slot !== this.#slot) {
      this.#giveBack(this.#slot, this.#free);
      this.#free = 0;
    }
    this.#free += granted;
    this.#used = false;
    this.#slot = slot;
    // Why so: the clock of the store has gone on by what passed here since asking, at most.
    this.#until = time.askedAt + (slot + 2) * this.#slotMs - time.storeNow;
  }

  unanswered(ask: WindowAsk): void {
    this.#charge += ask.charge;
  }

  /** Why all of it: nobody uses what was granted, and what was charged is going to be said again. */
  late({ charge }: WindowAsk, { granted, slot }: Grant): void {
    if (granted + charge > 0) this.#giveBack(slot, granted + charge);
  }

  alone(now: number): void {
    const fresh = now - this.#seenAt < this.#windowMs;
    const mine = this.#own.total(now) + (now < this.#until ? this.#free : 0);
    this.#ghost = fresh ? Math.max(0, this.limit - this.#remaining - mine) : 0;
    this.#ghostUntil = now + this.#windowMs;
    this.#unleased = new SlidingWindow(this.#windowMs);
  }

  together(forgot: boolean, now: number): void {
    // Why: a store that lost its memory is told what this process used, or the window would begin anew.
    if (forgot) {
      this.#back.clear();
      this.#free = 0;
      this.#charge = Math.max(this.#charge, this.#own.total(now) + this.#unleased.total(now));
    }
    this.#refusedUntil = 0;
  }

  ended(): boolean {
    return false;
  }

  farewell(now: number): Ask | undefined {
    if (this.#free > 0) this.#giveBack(this.#slot, this.#free);
    this.#free = 0;
    this.#chunk = 0;
    this.#until = 0;
    return this.ask(now, 0, 0);
  }

  #giveBack(slot: number, amount: number): void {
    this.#back.set(slot, (this.#back.get(slot) ?? 0) + amount);
  }

  /** What may still be used alone: every process is taken to use as much as this one does. */
  #aloneRoom(now: number): number {
    const before = this.#own.total(now) + (now < this.#ghostUntil ? this.#ghost : 0);
    return Math.floor((this.limit - before) / this.#link.replicas) - this.#unleased.total(now);
  }

  #ownRetryMs(amount: number, now: number): number {
    if (this.#link.state === 'connected') return 0;
    return Math.max(this.#unleased.msUntilAtMost(Math.max(0, this.limit / this.#link.replicas - amount), now), 1_000);
  }
}

import type { Ask, ExchangeTime, Grant, SlotsAsk } from './lease-store.ts';
import { RETRY_SLOT_MS } from './local-slots.ts';
import { ASK, NO, YES, type Check, type LeasedMeter, type StoreLink } from './meter.ts';

/** Why so short: places of a process that ended by force are free again after this. */
const TTL_MS = 10_000;
const RENEW_MS = 3_000;
const REFUSE_MS = 50;
/** Why: places that nobody here uses are somebody else's. */
const MOST_SPARE = 8;

/** Calls at the same time that processes count together. Places are leased; a process that ends by force loses them after ten seconds. */
export class LeasedSlots implements LeasedMeter {
  readonly kind = 'concurrency';
  limit: number;
  usedAt = 0;
  readonly #pool: string;
  readonly #lease: string;
  readonly #link: StoreLink;
  #sequence = 0;
  #held = 0;
  #inUse = 0;
  #until = 0;
  #renewedAt = 0;
  #remaining: number;
  #refusedUntil = 0;
  /** Whether a place was asked for since the last word to the store. */
  #busy = false;
  /** Whether the store may count other places than are held here. */
  #isUnsure = false;

  constructor(pool: string, lease: string, limit: number, link: StoreLink) {
    this.#pool = pool;
    this.#lease = lease;
    this.limit = limit;
    this.#link = link;
    this.#remaining = limit;
  }

  check(amount: number, now: number): Check {
    if (amount === 0 || (this.#inUse + amount <= this.#held && now < this.#until)) return YES;
    if (this.#link.state === 'lost') return this.#inUse + amount <= Math.floor(this.limit / this.#link.replicas) ? YES : NO;
    if (this.#link.state === 'refusing') return NO;
    return now < this.#refusedUntil ? NO : ASK;
  }

  take(amount: number): number {
    this.#inUse += amount;
    this.#busy = true;
    if (this.#inUse === this.#held) this.#link.poke(this);
    return 0;
  }

  settle(taken: number): void {
    this.#inUse -= taken;
  }

  remaining(): number {
    if (this.#link.state !== 'connected') return Math.max(0, Math.floor(this.limit / this.#link.replicas) - this.#inUse);
    return this.#remaining + Math.max(0, this.#held - this.#inUse);
  }

  retryAfterMs(): number {
    return RETRY_SLOT_MS;
  }

  resetMs(): number {
    return this.#inUse === 0 ? 0 : RETRY_SLOT_MS;
  }

  idle(): boolean {
    return this.#inUse === 0 && this.#held === 0 && !this.#isUnsure;
  }

  ask(now: number, need: number, least: number): Ask | undefined {
    const plenty = Math.floor(this.#remaining / (4 * this.#link.replicas));
    const spare = this.#busy ? Math.min(MOST_SPARE, Math.ceil(this.#inUse / 4), plenty) : 0;
    const wanted = Math.min(this.limit, this.#inUse + need + spare);
    const renew = this.#held > 0 && now - this.#renewedAt > RENEW_MS;
    if (need === 0 && !renew && wanted === this.#held && !this.#isUnsure) return undefined;
    this.#busy = need > 0;
    // Why first here: from now on the store may believe that the rest is free.
    this.#held = Math.min(this.#held, wanted);
    return this.#say(wanted, this.#inUse + least);
  }

  granted(ask: SlotsAsk, { granted, remaining, retryAfterMs }: Grant, { askedAt }: ExchangeTime, now: number): void {
    this.#held = granted;
    this.#isUnsure = false;
    this.#remaining = remaining;
    this.#renewedAt = now;
    this.#until = askedAt + TTL_MS * 0.8;
    this.#refusedUntil = granted < ask.atLeast ? now + Math.min(retryAfterMs, REFUSE_MS) : 0;
  }

  unanswered(): void {
    this.#refusedUntil = 0;
    this.#isUnsure = true;
  }

  /** What is said next says all of it anew. */
  late(): void {}

  alone(): void {
    this.#isUnsure ||= this.#held > 0;
    this.#held = 0;
  }

  together(): void {
    this.#refusedUntil = 0;
    if (this.#inUse > 0 || this.#isUnsure) this.#link.poke(this);
  }

  ended(): boolean {
    return false;
  }

  farewell(): Ask | undefined {
    if (this.#held === 0 && !this.#isUnsure) return undefined;
    this.#held = 0;
    return this.#say(0, 0);
  }

  #say(held: number, atLeast: number): SlotsAsk {
    return {
      kind: 'slots',
      pool: this.#pool,
      limit: this.limit,
      lease: this.#lease,
      sequence: ++this.#sequence,
      held,
      atLeast,
      ttlMs: TTL_MS,
    };
  }
}

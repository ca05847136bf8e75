/** Parts of a window: points come free at most one part late. */
export const WINDOW_SLOTS = 60;

/**
 * Points taken in a sliding window, exact to one slot and never to the advantage of who is limited: whatever window of this
 * length one looks at, at most what was allowed was taken in it; points come free up to one slot (1/60 of the window) late.
 * Why slots: a log of every call grows with the limit, and two weighted counters let bursts pass at twice the limit.
 */
export class SlidingWindow {
  readonly #slotMs: number;
  readonly #slots: number[] = [];
  readonly #amounts: number[] = [];
  #total = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / WINDOW_SLOTS;
  }

  /** Points that count now. */
  total(now: number): number {
    const oldest = Math.floor(now / this.#slotMs) - WINDOW_SLOTS;
    while ((this.#slots[0] ?? oldest) < oldest) {
      this.#slots.shift();
      this.#total -= this.#amounts.shift() ?? 0;
    }
    return this.#total;
  }

  /** Takes points and answers the slot they are in. A clock that steps back stays in the newest slot. */
  add(amount: number, now: number): number {
    const newest = this.#slots.length - 1;
    const last = this.#slots[newest] ?? -Infinity;
    const slot = Math.max(Math.floor(now / this.#slotMs), last);
    if (slot === last) this.#amounts[newest] = (this.#amounts[newest] ?? 0) + amount;
    else {
      this.#slots.push(slot);
      this.#amounts.push(amount);
    }
    this.#total += amount;
    return slot;
  }

  /** Corrects what was taken in a slot; a slot that no longer counts stays as it was. */
  correct(slot: number, by: number): void {
    for (let at = this.#slots.length - 1; at >= 0; at--) {
      if (this.#slots[at] !== slot) continue;
      const before = this.#amounts[at] ?? 0;
      const after = Math.max(0, before + by);
      this.#amounts[at] = after;
      this.#total += after - before;
      return;
    }
  }

  /** Milliseconds until at most `most` points count. */
  msUntilAtMost(most: number, now: number): number {
    let total = this.total(now);
    for (let at = 0; at < this.#slots.length; at++) {
      if (total <= most) return at === 0 ? 0 : this.#freeIn(this.#slots[at - 1] ?? 0, now);
      total -= this.#amounts[at] ?? 0;
    }
    return this.#slots.length === 0 ? 0 : this.#freeIn(this.#slots.at(-1) ?? 0, now);
  }

  /** Milliseconds until nothing counts. */
  msUntilEmpty(now: number): number {
    return this.#slots.length === 0 ? 0 : this.#freeIn(this.#slots.at(-1) ?? 0, now);
  }

  #freeIn(slot: number, now: number): number {
    return Math.max(0, (slot + WINDOW_SLOTS + 1) * this.#slotMs - now);
  }
}

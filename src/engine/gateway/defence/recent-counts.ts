import { Generations } from './generations.ts';

/**
 * Counts how often something happened lately, for as many as fit: who was quiet for longest is forgotten first. Why a limit: an
 * attacker has as many addresses as they like.
 */
export class RecentCounts {
  /** The last times it happened, oldest first. */
  readonly #times: Generations<number[]>;

  constructor(max: number) {
    this.#times = new Generations(max);
  }

  get size(): number {
    return this.#times.size;
  }

  resize(max: number): void {
    this.#times.resize(max);
  }

  /** Counts one more; true when it is the `count`-th within `withinMs`, and then begins again. */
  hit(key: string, now: number, count: number, withinMs: number): boolean {
    const times = this.#times.get(key) ?? [];
    const since = now - withinMs;
    let expired = 0;
    while (expired < times.length && times[expired]! <= since) expired++;
    times.splice(0, expired);
    times.push(now);
    if (times.length >= count) {
      this.#times.delete(key);
      return true;
    }
    this.#times.set(key, times);
    return false;
  }

  /** Did it happen within the last `withinMs`? If not, it happens now. */
  again(key: string, now: number, withinMs: number): boolean {
    const last = this.#times.get(key)?.[0];
    if (last !== undefined && last > now - withinMs) return true;
    this.#times.set(key, [now]);
    return false;
  }
}

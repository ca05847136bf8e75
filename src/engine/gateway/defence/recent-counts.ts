/** The last times something happened to somebody, oldest first. */
interface Recent {
  readonly times: number[];
}

/**
 * Counts how often something happened lately, for as many as fit: who was quiet for longest is forgotten first. Why a limit: an
 * attacker has as many addresses as they like.
 */
export class RecentCounts {
  #max: number;
  readonly #recent = new Map<string, Recent>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#recent.size;
  }

  resize(max: number): void {
    this.#max = max;
    this.#trim();
  }

  /** Counts one more; true when it is the `count`-th within `withinMs`, and then begins again. */
  hit(key: string, now: number, count: number, withinMs: number): boolean {
    const recent = this.#recent.get(key) ?? { times: [] };
    this.#recent.delete(key);
    const { times } = recent;
    // Why not smaller: clocks step back.
    const since = now - withinMs;
    let expired = 0;
    while (expired < times.length && times[expired]! <= since) expired++;
    times.splice(0, expired);
    times.push(now);
    if (times.length >= count) return true;
    this.#recent.set(key, recent);
    this.#trim();
    return false;
  }

  /** Did it happen within the last `withinMs`? If not, it happens now. */
  again(key: string, now: number, withinMs: number): boolean {
    const last = this.#recent.get(key)?.times[0];
    if (last !== undefined && last > now - withinMs) return true;
    this.#recent.delete(key);
    this.#recent.set(key, { times: [now] });
    this.#trim();
    return false;
  }

  #trim(): void {
    for (const key of this.#recent.keys()) {
      if (this.#recent.size <= this.#max) return;
      this.#recent.delete(key);
    }
  }
}

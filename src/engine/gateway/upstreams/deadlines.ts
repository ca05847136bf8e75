import { type Member, MemberList } from '../../../core/member-list.ts';

/** Why: time limits are seconds; looking twenty times a second costs less than a timer for every request and chunk. */
const TICK_MS = 50;

/** Something that ends when it takes too long. */
export interface Limited extends Member {
  /** Called with the time at every tick. */
  tick(now: number): void;
}

/** Looks after everything under way at once. Its clock is coarse and free to read. */
export class Deadlines {
  /** Monotonic milliseconds, as of the last tick. */
  now = performance.now();
  readonly #limited = new MemberList<Limited>();
  #timer: NodeJS.Timeout | undefined;

  add(limited: Limited): void {
    this.#limited.add(limited);
    if (this.#timer !== undefined) return;
    this.now = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  remove(limited: Limited): void {
    this.#limited.delete(limited);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.now = performance.now();
    // Why not as soon as nothing is under way: the next request would start it again.
    if (this.#limited.size === 0) return this.close();
    for (const limited of this.#limited.all()) limited.tick(this.now);
  }
}

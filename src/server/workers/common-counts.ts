import { RecentCounts } from '../../engine/gateway/defence/recent-counts.ts';
import type { CountQuestion } from './messages.ts';

/**
 * What workers count together. Why in the process that started them: an attack whose requests fall on different workers is one attack,
 * and a worker that ends takes no count with it.
 */
export class CommonCounts {
  readonly #hits = new RecentCounts(0);
  readonly #agains = new RecentCounts(0);

  /** Counts, and answers. */
  take({ kind, key, at, count, withinMs, max }: CountQuestion): boolean {
    const counts = kind === 'hit' ? this.#hits : this.#agains;
    counts.resize(max);
    return kind === 'hit' ? counts.hit(key, at, count, withinMs) : counts.again(key, at, withinMs);
  }
}

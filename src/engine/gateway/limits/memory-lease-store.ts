import type { Ask, Exchange, LeaseStore, PoolSpending } from './lease-store.ts';
import { apply, emptyState, expiresAt, type BudgetState, type PoolState } from './pool-state.ts';

const REPLICA_SEEN_MS = 15_000;

/** Counters of one process, or of several simulated ones: nothing outlives it. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #pools = new Map<string, { readonly kind: Ask['kind']; readonly state: PoolState; expires: number | null }>();
  readonly #replicas = new Map<string, number>();
  readonly #now: () => number;
  #sweptAt = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async exchange(holder: string, asks: readonly Ask[]): Promise<Exchange> {
    const now = this.#now();
    this.#replicas.set(holder, now);
    if (now - this.#sweptAt > 10_000) this.#sweep(now);
    const replicas = this.#replicas.size;
    const grants = asks.map((ask) => {
      let pool = this.#pools.get(ask.pool);
      if (pool === undefined) this.#pools.set(ask.pool, (pool = { kind: ask.kind, state: emptyState(ask.kind), expires: null }));
      pool.expires = expiresAt(ask, now);
      return apply(pool.state, ask, now, replicas);
    });
    return { grants, replicas, now, epoch: 'memory' };
  }

  async spending(): Promise<readonly PoolSpending[]> {
    return [...this.#pools].flatMap(([pool, { kind, state }]) => (kind === 'budget' ? [spendingOf(pool, state as BudgetState)] : []));
  }

  async close(): Promise<void> {
    this.#pools.clear();
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [id, seen] of this.#replicas) if (seen < now - REPLICA_SEEN_MS) this.#replicas.delete(id);
    for (const [id, { expires }] of this.#pools) if (expires !== null && expires < now) this.#pools.delete(id);
  }
}

/** How a budget stands. */
export function spendingOf(pool: string, state: BudgetState): PoolSpending {
  let { spent } = state;
  let held = 0;
  for (const lease of Object.values(state.leases)) {
    spent += lease.spent;
    held += lease.ceiling - lease.spent;
  }
  return { pool, spent, held };
}

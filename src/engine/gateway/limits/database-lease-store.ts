import { sql } from 'kysely';
import type { Store, Tx } from '../../../store/open-store.ts';
import type { Ask, Exchange, Grant, LeaseStore, PoolSpending } from './lease-store.ts';
import { spendingOf } from './memory-lease-store.ts';
import { apply, emptyState, expiresAt, type BudgetState, type PoolState } from './pool-state.ts';

const REPLICA_SEEN_MS = 15_000;
const TELL_MS = 5_000;
const CLEAN_MS = 60_000;

/**
 * Counters in the database: durable before anything is spent, shared by every process that uses it. Never asked while a call
 * waits that a lease covers.
 */
export class DatabaseLeaseStore implements LeaseStore {
  readonly #store: Store;
  readonly #now: () => number;
  #toldAt = 0;
  #cleanedAt = 0;
  #replicas = 1;

  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  async exchange(holder: string, asks: readonly Ask[]): Promise<Exchange> {
    const tell = this.#now() - this.#toldAt > TELL_MS;
    const { grants, now } = await this.#store.transaction(async (tx) => {
      const at = await this.#time(tx);
      if (tell) this.#replicas = await countReplicas(tx, holder, at);
      return { grants: await this.#applyAll(tx, asks, at), now: at };
    });
    if (tell) this.#toldAt = this.#now();
    if (this.#now() - this.#cleanedAt > CLEAN_MS) await this.#clean();
    return { grants, replicas: this.#replicas, now, epoch: 'database' };
  }

  async spending(): Promise<readonly PoolSpending[]> {
    const rows = await this.#store.db.selectFrom('gateway_pool').select(['id', 'state']).where('kind', '=', 'budget').execute();
    return rows.map(({ id, state }) => spendingOf(id, JSON.parse(state) as BudgetState));
  }

  /** The database belongs to whoever opened it. */
  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** Why the server's clock on Postgres: processes on several machines count in the same slots of time. */
  async #time(tx: Tx): Promise<number> {
    if (this.#store.dialect === 'sqlite') return this.#now();
    const { rows } = await sql<{ at: number }>`select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as at`.execute(tx);
    return Number(rows[0]?.at ?? this.#now());
  }

  /** Why in the order of their names: two processes that lock the same pools must not wait for each other. */
  async #applyAll(tx: Tx, asks: readonly Ask[], now: number): Promise<Grant[]> {
    if (asks.length === 0) return [];
    const first = new Map<string, Ask>();
    for (const ask of asks) if (!first.has(ask.pool)) first.set(ask.pool, ask);
    const fresh = [...first.values()]
      .sort((a, b) => (a.pool < b.pool ? -1 : 1))
      .map((ask) => ({
        id: ask.pool,
        kind: ask.kind,
        state: JSON.stringify(emptyState(ask.kind)),
        updated_at: now,
        expires_at: expiresAt(ask, now),
      }));
    const found = await tx
      .insertInto('gateway_pool')
      .values(fresh)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((set) => ({ updated_at: now, expires_at: set.ref('excluded.expires_at') })),
      )
      .returning(['id', 'state'])
      .execute();
    const states = new Map(found.map(({ id, state }) => [id, JSON.parse(state) as PoolState]));
    const grants = asks.map((ask) => apply(states.get(ask.pool) ?? emptyState(ask.kind), ask, now, this.#replicas));
    await tx
      .insertInto('gateway_pool')
      .values(fresh.map((row) => ({ ...row, state: JSON.stringify(states.get(row.id)) })))
      .onConflict((conflict) => conflict.column('id').doUpdateSet((set) => ({ state: set.ref('excluded.state') })))
      .execute();
    return grants;
  }

  async #clean(): Promise<void> {
    this.#cleanedAt = this.#now();
    await this.#store.db.deleteFrom('gateway_pool').where('expires_at', '<', this.#cleanedAt).execute();
  }
}

async function countReplicas(tx: Tx, holder: string, now: number): Promise<number> {
  await tx
    .insertInto('gateway_replica')
    .values({ id: holder, seen_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: now }))
    .execute();
  await tx
    .deleteFrom('gateway_replica')
    .where('seen_at', '<', now - REPLICA_SEEN_MS)
    .execute();
  const { count } = await tx
    .selectFrom('gateway_replica')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Math.max(1, Number(count));
}

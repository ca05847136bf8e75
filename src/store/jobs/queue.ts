import { sql, type Selectable } from 'kysely';
import { newId } from '../ids.ts';
import type { Store, Tx } from '../open-store.ts';
import type { JobTable } from '../schema/jobs.ts';

/** A job in the hands of a worker. `attempts` tells this claim from every other of the same job. */
export interface ClaimedJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  /** This try, counted from 1. */
  readonly attempts: number;
}

/** Work to be done. */
export interface NewJob {
  readonly kind: string;
  /** Anything JSON can say. */
  readonly payload: unknown;
  /** A second job with the same key is the same job, also when the first is done. */
  readonly key?: string;
  /** Not before, epoch milliseconds. */
  readonly runAt?: number;
}

type Writer = Pick<Tx, 'insertInto' | 'selectFrom' | 'updateTable' | 'deleteFrom'>;

/** Adds a job, best in the transaction of what makes it necessary. Answers its id, or that of the job with the same key. */
export async function enqueue(db: Writer, job: NewJob): Promise<string> {
  const now = Date.now();
  const row = { id: newId(), kind: job.kind, key: job.key ?? null, payload: JSON.stringify(job.payload), run_at: job.runAt ?? now };
  const inserted = await db
    .insertInto('job')
    .values({ ...row, state: 'ready', attempts: 0, lease_until: null, error: null, created_at: now })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return inserted.id;
  return (await db.selectFrom('job').select('id').where('key', '=', row.key).executeTakeFirstOrThrow()).id;
}

/** What a worker looks for. */
export interface Claim {
  readonly kinds: readonly string[];
  /** How long the job is the worker's without a heartbeat, milliseconds. */
  readonly leaseMs: number;
  readonly now?: number;
}

/** Takes the job that has waited longest, or one whose worker fell silent. Undefined when there is nothing to do. */
export async function claimJob(store: Store, { kinds, leaseMs, now = Date.now() }: Claim): Promise<ClaimedJob | undefined> {
  if (kinds.length === 0) return undefined;
  const taken = await store.transaction(async (tx) => {
    const id = (await oldest(tx, store.dialect, 'ready', kinds, now)) ?? (await oldest(tx, store.dialect, 'running', kinds, now));
    if (id === undefined) return undefined;
    return tx
      .updateTable('job')
      .set({ state: 'running', attempts: sql<number>`attempts + 1`, lease_until: now + leaseMs })
      .where('id', '=', id)
      .returning(['id', 'kind', 'payload', 'attempts'])
      .executeTakeFirst();
  });
  return taken === undefined ? undefined : { ...taken, payload: JSON.parse(taken.payload) as unknown };
}

async function oldest(
  tx: Tx,
  dialect: Store['dialect'],
  state: 'ready' | 'running',
  kinds: readonly string[],
  now: number,
): Promise<string | undefined> {
  const due = state === 'ready' ? ('run_at' as const) : ('lease_until' as const);
  const query = tx.selectFrom('job').select('id').where('state', '=', state).where(due, '<=', now).where('kind', 'in', kinds);
  const first = query.orderBy(due).orderBy('id').limit(1);
  // The one place where the two databases are asked differently: SQLite has a single writer and needs no row locks.
  const row = await (dialect === 'postgres' ? first.forUpdate().skipLocked() : first).executeTakeFirst();
  return row?.id;
}

/** Keeps a claim alive. False when it is lost: the work must stop, somebody else does it. */
export async function heartbeat(store: Store, job: ClaimedJob, leaseMs: number, now: number = Date.now()): Promise<boolean> {
  return settle(store.db, job, { lease_until: now + leaseMs });
}

/**
 * Marks a job as done. False when the claim is lost. Call it with the transaction of the job's own result and roll that back
 * on false: then the result is there exactly once.
 */
export async function completeJob(db: Writer, job: ClaimedJob): Promise<boolean> {
  return settle(db, job, { state: 'done', lease_until: null, error: null });
}

/** Puts a job back, to be tried again at `retryAt`; without it the job is dead and stays for people to look at. */
export async function failJob(db: Writer, job: ClaimedJob, error: string, retryAt: number | undefined): Promise<boolean> {
  const told = { lease_until: null, error: error.slice(0, 2000) };
  return settle(db, job, retryAt === undefined ? { ...told, state: 'dead' } : { ...told, state: 'ready', run_at: retryAt });
}

async function settle(db: Writer, job: ClaimedJob, change: Partial<Selectable<JobTable>>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('job')
    .set(change)
    .where('id', '=', job.id)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempts)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Gives a dead job another chance, with its tries counted from the beginning. */
export async function reviveJob(db: Writer, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('job')
    .set({ state: 'ready', attempts: 0, run_at: Date.now(), error: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets jobs that were made before a time and are done. Their keys may be used again. */
export async function pruneJobs(db: Writer, before: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('job').where('state', '=', 'done').where('created_at', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}

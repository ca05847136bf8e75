import { sql } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import type { Store, Tx } from '../../store/open-store.ts';
import type { RegistryContext } from './context.ts';

/** Bytes by their digest. */
export interface Content {
  readonly sha256: string;
  readonly size: number;
}

type Configured = Pick<RegistryContext, 'config'>;

const ROWS_AT_ONCE = 5_000;

/** What a namespace may hold; undefined: as much as it likes. */
export function quotaOf({ config }: Configured, namespace: string): { readonly bytes?: number; readonly repositories?: number } {
  const { quotas } = config.registry;
  const { bytes, repositories } = quotas[namespace] ?? quotas['*'] ?? {};
  return { ...(bytes !== undefined && { bytes }), ...(repositories !== undefined && { repositories }) };
}

/**
 * Counts contents that come to a namespace, in the transaction that brings them, each once. Throws `quota.bytes` when they do not
 * fit. Why a row of its own that is locked: of two that come at once and fit only by themselves, one is refused.
 */
export async function chargeBytes(context: Configured, tx: Tx, namespace: string, contents: readonly Content[]): Promise<void> {
  const { bytes: limit } = quotaOf(context, namespace);
  if (limit === undefined || contents.length === 0) return;
  const used = await lockUse(tx, namespace);
  let added = 0;
  for (let from = 0; from < contents.length; from += ROWS_AT_ONCE) {
    const rows = contents.slice(from, from + ROWS_AT_ONCE).map(({ sha256, size }) => ({ namespace, sha256, size }));
    const fresh = await tx
      .insertInto('namespace_content')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['namespace', 'sha256']).doNothing())
      .returning('size')
      .execute();
    added += fresh.reduce((sum, { size }) => sum + size, 0);
  }
  if (added === 0) return;
  if (used + added > limit) throw overQuota(namespace, used, added, limit);
  await tx
    .updateTable('namespace_use')
    .set({ bytes: used + added })
    .where('namespace', '=', namespace)
    .execute();
}

/** Refuses before anything is sent what could not be kept. Nothing is reserved: what counts is {@link chargeBytes}. Throws `quota.bytes`. */
export async function requireRoom(context: RegistryContext, namespace: string, bytes: number): Promise<void> {
  const { bytes: limit } = quotaOf(context, namespace);
  if (limit === undefined) return;
  const row = await context.store.db.selectFrom('namespace_use').select('bytes').where('namespace', '=', namespace).executeTakeFirst();
  if (row !== undefined && row.bytes + bytes > limit) throw overQuota(namespace, row.bytes, bytes, limit);
}

/** Counts a repository that comes to a namespace, after it was written. Throws `quota.repositories`. */
export async function chargeRepository(context: Configured, tx: Tx, namespace: string): Promise<void> {
  const { repositories: limit } = quotaOf(context, namespace);
  if (limit === undefined) return;
  await lockUse(tx, namespace);
  const { count } = await tx
    .selectFrom('repository')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('namespace', '=', namespace)
    .executeTakeFirstOrThrow();
  if (Number(count) > limit) throw new CordonError('quota.repositories', `${namespace} may have ${limit} repositories, and has them`);
}

/** Counts again what a namespace holds, after something was taken from it or brought by another way. */
export async function recountUse(context: Configured, tx: Tx, namespace: string): Promise<void> {
  await tx.deleteFrom('namespace_content').where('namespace', '=', namespace).execute();
  await tx.deleteFrom('namespace_use').where('namespace', '=', namespace).execute();
  if (quotaOf(context, namespace).bytes !== undefined) await lockUse(tx, namespace);
}

/** {@link recountUse} for all, one after the other. */
export async function recountAll(context: Configured & { readonly store: Store }): Promise<void> {
  const rows = await context.store.db.selectFrom('namespace_use').select('namespace').execute();
  for (const { namespace } of rows) await context.store.transaction((tx) => recountUse(context, tx, namespace));
}

/** Locks the row of a namespace until the transaction ends, and answers its bytes; the first time everything is counted. */
async function lockUse(tx: Tx, namespace: string): Promise<number> {
  const made = await tx
    .insertInto('namespace_use')
    .values({ namespace, bytes: 0 })
    .onConflict((conflict) => conflict.column('namespace').doUpdateSet((row) => ({ bytes: row.ref('namespace_use.bytes') })))
    .returning('bytes')
    .executeTakeFirstOrThrow();
  const counted = await tx.selectFrom('namespace_content').select('sha256').where('namespace', '=', namespace).limit(1).executeTakeFirst();
  if (made.bytes > 0 || counted !== undefined) return made.bytes;
  await sql`
    insert into namespace_content (namespace, sha256, size)
    select distinct repository.namespace, manifest_entry.sha256, manifest_entry.size from repository
      join revision on revision.repository_id = repository.id
      join manifest_entry on manifest_entry.manifest = revision.manifest
      where repository.namespace = ${namespace}
    union select repository.namespace, blob.sha256, blob.size from repository
      join blob_lease on blob_lease.repository_id = repository.id
      join blob on blob.sha256 = blob_lease.sha256
      where repository.namespace = ${namespace}
    union select mlflow_experiment.namespace, mlflow_artifact.sha256, mlflow_artifact.size from mlflow_experiment
      join mlflow_artifact on mlflow_artifact.experiment_id = mlflow_experiment.id
      where mlflow_experiment.namespace = ${namespace}`.execute(tx);
  const { bytes } = await tx
    .selectFrom('namespace_content')
    .select(({ fn }) => fn.coalesce(fn.sum<number>('size'), sql<number>`0`).as('bytes'))
    .where('namespace', '=', namespace)
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('namespace_use')
    .set({ bytes: Number(bytes) })
    .where('namespace', '=', namespace)
    .execute();
  return Number(bytes);
}

function overQuota(namespace: string, used: number, added: number, limit: number): CordonError {
  return new CordonError('quota.bytes', `${namespace} holds ${used} of the ${limit} bytes it may hold; ${added} more do not fit`);
}

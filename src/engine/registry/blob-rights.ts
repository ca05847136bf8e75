import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Tx } from '../../store/open-store.ts';
import { mayRead } from './authorize.ts';
import type { Repository } from './repositories.ts';

const KEYS_AT_ONCE = 5_000;

type Reader = Pick<Tx, 'selectFrom'>;

/**
 * Which of these contents a principal may refer to, with their sizes in bytes: those it uploaded lately, and those in
 * repositories and runs it may read. Why not simply all that are stored: knowing a digest would be enough to read a private file.
 */
export async function usableBlobs(
  db: Reader,
  principal: Principal,
  repository: Repository,
  digests: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const usable = new Map<string, number>();
  const unique = [...new Set(digests)];
  for (let from = 0; from < unique.length; from += KEYS_AT_ONCE) {
    const some = unique.slice(from, from + KEYS_AT_ONCE);
    const leased = await db
      .selectFrom('blob_lease')
      .innerJoin('blob', 'blob.sha256', 'blob_lease.sha256')
      .select(['blob.sha256', 'blob.size'])
      .where('blob_lease.sha256', 'in', some)
      .where('blob_lease.holder', '=', principal.id)
      .where('blob_lease.expires_at', '>', now)
      .execute();
    for (const { sha256, size } of leased) usable.set(sha256, size);
    const rest = some.filter((sha256) => !usable.has(sha256));
    if (rest.length > 0) for (const [sha256, size] of await readableBlobs(db, principal, repository, rest)) usable.set(sha256, size);
  }
  return usable;
}

async function readableBlobs(
  db: Reader,
  principal: Principal,
  repository: Repository,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('manifest_entry')
    .innerJoin('revision', 'revision.manifest', 'manifest_entry.manifest')
    .innerJoin('repository', 'repository.id', 'revision.repository_id')
    .select([
      'manifest_entry.sha256',
      'manifest_entry.size',
      'repository.id',
      'repository.namespace',
      'repository.name',
      'repository.private',
    ])
    .where('manifest_entry.sha256', 'in', [...digests])
    .distinct()
    .execute();
  const readable = new Map(
    rows.filter((row) => row.id === repository.id || mayRead(principal, row)).map(({ sha256, size }) => [sha256, size]),
  );
  for (const [sha256, size] of await readableArtifacts(db, principal, digests)) readable.set(sha256, size);
  return readable;
}

/** Artifacts of runs and logged models in namespaces that the principal may read. */
async function readableArtifacts(db: Reader, principal: Principal, digests: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('mlflow_artifact')
    .innerJoin('mlflow_experiment', 'mlflow_experiment.id', 'mlflow_artifact.experiment_id')
    .select(['mlflow_artifact.sha256', 'mlflow_artifact.size', 'mlflow_experiment.namespace'])
    .where('mlflow_artifact.sha256', 'in', [...digests])
    .distinct()
    .execute();
  return new Map(rows.filter(({ namespace }) => principal.can('read', namespace)).map(({ sha256, size }) => [sha256, size]));
}

/** The sizes of these contents. Throws `request.invalid` naming the first that was never uploaded or is not the principal's to use. */
export async function requireBlobs(
  tx: Reader,
  principal: Principal,
  repository: Repository,
  digests: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const usable = await usableBlobs(tx, principal, repository, digests, now);
  const missing = digests.find((sha256) => !usable.has(sha256));
  if (missing !== undefined) throw new CordonError('request.invalid', `the content ${missing.slice(0, 64)} was not uploaded`);
  return usable;
}

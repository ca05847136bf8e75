import type { Upstream } from '../../../core/upstream-config.ts';
import type { Tx } from '../../../store/open-store.ts';
import { moveRef } from '../commit.ts';
import type { Repository } from '../repositories.ts';
import { findRevision, type Revision } from '../revisions.ts';

type Reader = Pick<Tx, 'selectFrom'>;

/** Where a branch, tag or commit stood at the remote hub when it was last asked. */
export async function knownCommit(
  db: Reader,
  repository: Repository,
  name: string,
): Promise<{ readonly commit: string; readonly checkedAt: number } | undefined> {
  const row = await db
    .selectFrom('upstream_ref')
    .select(['remote_commit as commit', 'checked_at as checkedAt'])
    .where('repository_id', '=', repository.id)
    .where('name', '=', name)
    .executeTakeFirst();
  return row;
}

/** The revision made of a remote commit. */
export async function knownRevision(db: Reader, repository: Repository, commit: string): Promise<Revision | undefined> {
  const row = await db
    .selectFrom('upstream_revision')
    .select('revision')
    .where('repository_id', '=', repository.id)
    .where('remote_commit', '=', commit)
    .executeTakeFirst();
  return row?.revision === undefined || row.revision === null ? undefined : findRevision(db, repository.id, row.revision);
}

/** Keeps which revision was made of a remote commit. */
export async function rememberRevision(
  tx: Tx,
  repository: Repository,
  upstream: Upstream,
  commit: string,
  revision: Revision,
  now: number,
): Promise<void> {
  await tx
    .insertInto('upstream_revision')
    .values({
      repository_id: repository.id,
      upstream: upstream.id,
      remote_commit: commit,
      revision: revision.id,
      refusal: '',
      checked_at: now,
    })
    .onConflict((conflict) => conflict.columns(['repository_id', 'remote_commit']).doUpdateSet({ checked_at: now }))
    .execute();
}

/** Keeps where a name stood, and moves our branch of the same name when it is `main`. */
export async function rememberCommit(
  tx: Tx,
  repository: Repository,
  name: string,
  commit: string,
  revision: Revision,
  now: number,
): Promise<void> {
  await tx
    .insertInto('upstream_ref')
    .values({ repository_id: repository.id, name, remote_commit: commit, checked_at: now })
    .onConflict((conflict) => conflict.columns(['repository_id', 'name']).doUpdateSet({ remote_commit: commit, checked_at: now }))
    .execute();
  if (name === 'main' || name === 'HEAD') await moveRef(tx, repository, 'refs/heads/main', revision.id, now);
}

import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import { moveRef } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { lockRepository } from './lock-repository.ts';
import { repositoryId } from './names.ts';
import { requireBranchRight } from './protected-branches.ts';
import type { Repository } from './repositories.ts';
import { addRevision, findRef, findRevision, type Revision } from './revisions.ts';

/** Replaces the history of a branch by one revision with the same files. Tags, versions and the ledger keep what was before. */
export async function squash(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  ref: string,
  title: string,
): Promise<Revision> {
  authorize(principal, 'write', repository);
  // Why: tags never move, and a proposed change is merged by its history.
  if (!ref.startsWith('refs/heads/')) throw new CordonError('request.invalid', 'only branches can be squashed');
  requireBranchRight(context, principal, repository, ref);
  return context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const now = context.now();
    const current = await findRef(tx, repository.id, ref);
    const head = current === undefined ? undefined : await findRevision(tx, repository.id, current.revision);
    if (head === undefined) throw new CordonError('revision.missing', `${repositoryId(repository)} has no ${ref}`);
    const revision = await addRevision(tx, {
      repository_id: repository.id,
      manifest: head.manifest,
      parent: null,
      title: title.slice(0, 1_000),
      message: '',
      author: principal.name,
      created_at: now,
    });
    await moveRef(tx, repository, ref, revision.id, now);
    await appendEntry(tx, {
      kind: 'branch.squashed',
      body: { repository: repositoryId(repository), kind: repository.kind, ref, from: head.id, revision: revision.id, by: principal.name },
    });
    return revision;
  });
}

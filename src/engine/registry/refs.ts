import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import { moveRef } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { lockRepository } from './lock-repository.ts';
import { repositoryId } from './names.ts';
import { requireBranchRight } from './protected-branches.ts';
import { refuseTwin } from './ref-twin.ts';
import type { Repository } from './repositories.ts';
import { findRef, type Revision } from './revisions.ts';

/** Creates a branch or tag. Throws `registry.conflict` when it exists: tags never move. */
export async function createRef(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  name: string,
  revision: Revision,
): Promise<void> {
  authorize(principal, 'write', repository);
  requireBranchRight(context, principal, repository, name, { isNew: true });
  await context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    if ((await findRef(tx, repository.id, name)) !== undefined) throw new CordonError('registry.conflict', `${name} exists already`);
    await refuseTwin(tx, repository.id, name);
    await moveRef(tx, repository, name, revision.id, context.now());
    await appendEntry(tx, {
      kind: 'ref.created',
      body: { repository: repositoryId(repository), kind: repository.kind, ref: name, revision: revision.id, by: principal.name },
    });
  });
}

/** Deletes a branch or tag. A tag of a version stays: versions are frozen. Throws `revision.missing`. */
export async function deleteRef(context: RegistryContext, principal: Principal, repository: Repository, name: string): Promise<void> {
  authorize(principal, 'write', repository);
  requireBranchRight(context, principal, repository, name);
  if (name === 'refs/heads/main') throw new CordonError('request.invalid', 'the branch main cannot be deleted');
  await context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const ref = await findRef(tx, repository.id, name);
    if (ref === undefined) throw new CordonError('revision.missing', `${repositoryId(repository)} has no ${name}`);
    const number = /^refs\/tags\/v([1-9]\d*)$/.exec(name)?.[1];
    const version =
      number === undefined
        ? undefined
        : await tx
            .selectFrom('version')
            .select('id')
            .where('repository_id', '=', repository.id)
            .where('number', '=', Number(number))
            .where('revision', '=', ref.revision)
            .executeTakeFirst();
    if (version !== undefined) throw new CordonError('registry.conflict', `${name} names a version, which is frozen`);
    await tx.deleteFrom('ref').where('repository_id', '=', repository.id).where('name', '=', name).execute();
    await appendEntry(tx, {
      kind: 'ref.deleted',
      body: { repository: repositoryId(repository), kind: repository.kind, ref: name, revision: ref.revision, by: principal.name },
    });
  });
}

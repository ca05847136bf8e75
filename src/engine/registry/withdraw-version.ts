import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** Stage of versions that were put aside. */
export const ARCHIVED = 'archived';

/** Takes a version out of its stage: to none, or to the archive. Nothing has to allow that but the right to promote. */
export async function leaveStage(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  to: '' | typeof ARCHIVED,
): Promise<void> {
  authorize(principal, 'promote', repository);
  await context.store.transaction(async (tx) => {
    await tx.updateTable('version').set({ stage: to }).where('id', '=', version.id).execute();
    await appendEntry(tx, {
      kind: 'version.left-stage',
      body: {
        repository: repositoryId(repository),
        version: version.number,
        manifest: version.manifest,
        from: version.stage,
        to,
        by: principal.name,
      },
    });
  });
}

/**
 * Withdraws a version: it is listed and loaded no more, and its number is never used again. Throws `registry.conflict` while it
 * is in a stage. Why not gone: what was decided about it has to stay provable.
 */
export async function withdrawVersion(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
): Promise<void> {
  authorize(principal, 'delete', repository);
  if (version.stage !== '' && version.stage !== ARCHIVED) {
    throw new CordonError('registry.conflict', `version ${version.number} is in ${version.stage}; take it out of the stage first`);
  }
  await context.store.transaction(async (tx) => {
    await tx.updateTable('version').set({ deleted_at: context.now() }).where('id', '=', version.id).execute();
    await tx.deleteFrom('model_alias').where('repository_id', '=', repository.id).where('version', '=', version.number).execute();
    await tx
      .deleteFrom('ref')
      .where('repository_id', '=', repository.id)
      .where('name', '=', `refs/tags/v${version.number}`)
      .where('revision', '=', version.revision)
      .execute();
    await appendEntry(tx, {
      kind: 'version.withdrawn',
      body: { repository: repositoryId(repository), version: version.number, manifest: version.manifest, by: principal.name },
    });
  });
}

import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { openServable, type ServableFile } from '../read-file.ts';
import type { Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';

/**
 * A file of a revision by its name in Xet: the same way out as {@link openServable}, and as late. Why within a revision: what a
 * gate refuses in one may lie in another that nobody looked at. Throws as that does.
 */
export async function openXetFile(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  revision: Pick<Revision, 'id' | 'manifest'>,
  hash: string,
): Promise<ServableFile> {
  authorize(principal, 'read', repository);
  const entry = await context.store.db
    .selectFrom('xet_file')
    .innerJoin('manifest_entry', 'manifest_entry.sha256', 'xet_file.sha256')
    .select('manifest_entry.path')
    .where('xet_file.repository_id', '=', repository.id)
    .where('xet_file.hash', '=', hash)
    .where('manifest_entry.manifest', '=', revision.manifest)
    .orderBy('manifest_entry.path')
    .limit(1)
    .executeTakeFirst();
  if (entry === undefined) throw new CordonError('file.missing', `the revision ${revision.id} has no file ${hash} by Xet`);
  return openServable(context, principal, repository, revision, entry.path);
}

import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import { leaseBlob } from '../../store/blobs/lease.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';
import { LEASE_MS } from './upload.ts';
import { copyIndex } from './xet/keep-index.ts';

/** Why: one statement asks for all of them. */
const FILES_AT_MOST = 5_000;

/**
 * Makes contents of one repository usable for a commit to another, without a byte being sent. Only what a gate has admitted in
 * the first can be copied; in the second it is decided again. Answers those that cannot be copied. Throws `repository.missing`
 * and `access.denied`.
 */
export async function copyFiles(
  context: RegistryContext,
  principal: Principal,
  from: Repository,
  to: Repository,
  digests: readonly string[],
): Promise<readonly string[]> {
  authorize(principal, 'read', from);
  authorize(principal, 'write', to);
  if (digests.length > FILES_AT_MOST) throw new CordonError('request.invalid', `at most ${FILES_AT_MOST} files can be copied at once`);
  const served = await servedContents(context, from, digests);
  for (const sha256 of served) await leaseBlob(context.store, sha256, LEASE_MS, { holder: principal.id, repositoryId: to.id });
  // Why again: what was removed before its lease is gone.
  const kept = await servedContents(context, from, [...served]);
  await copyIndex(context, from, to, [...kept]);
  return digests.filter((sha256) => !kept.has(sha256));
}

/** Those of these contents that the repository serves in some revision. */
async function servedContents(context: RegistryContext, repository: Repository, digests: readonly string[]): Promise<ReadonlySet<string>> {
  if (digests.length === 0) return new Set();
  const rows = await context.store.db
    .selectFrom('manifest_entry')
    .innerJoin('admission', 'admission.manifest', 'manifest_entry.manifest')
    .innerJoin('blob', 'blob.sha256', 'manifest_entry.sha256')
    .select('manifest_entry.sha256')
    .where('manifest_entry.sha256', 'in', [...digests])
    .where('admission.repository_id', '=', repository.id)
    .where('admission.state', '=', 'admitted')
    .where(({ or, eb }) => or([eb('admission.expires_at', 'is', null), eb('admission.expires_at', '>', context.now())]))
    .distinct()
    .execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}

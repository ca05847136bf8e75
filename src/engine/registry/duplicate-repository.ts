import { CordonError, errorCode } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import { commit } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { loadManifest } from './manifest.ts';
import { type RepositoryName, repositoryId } from './names.ts';
import { requireBranchRight } from './protected-branches.ts';
import { requireServed } from './read-file.ts';
import { createRepository, openRepository, type Repository } from './repositories.ts';
import { resolveRevision, type Revision } from './revisions.ts';
import { copyIndex } from './xet/keep-index.ts';

const MAIN = 'refs/heads/main';

/**
 * Makes a repository with the files of another's main branch: one commit that says where they are from, no history. What the gate
 * refuses in the first cannot be taken to another place; there it is decided again. Throws `repository.missing`,
 * `registry.blocked`, `registry.conflict` and `access.denied`.
 */
export async function duplicateRepository(
  context: RegistryContext,
  principal: Principal,
  from: RepositoryName,
  to: RepositoryName,
  options: { readonly private?: boolean } = {},
): Promise<Repository> {
  const source = await openRepository(context, principal, from);
  if (from.kind !== to.kind) throw new CordonError('request.invalid', 'a repository is duplicated to one of its kind');
  const head = await mainOf(context, source);
  if (head !== undefined) await requireServed(context, principal, source, head.manifest, '');
  // Why before: a repository that cannot be filled must not be left behind.
  if (head !== undefined) requireBranchRight(context, principal, { ...source, ...to }, MAIN, { isNew: true });
  const copy = await createRepository(context, principal, to, { private: options.private ?? source.private === 1 });
  if (head === undefined) return copy;
  const entries = await loadManifest(context.store.db, head.manifest);
  await commit(context, principal, copy, {
    ref: MAIN,
    title: `Duplicate from ${repositoryId(from)}`,
    message: `Files of ${repositoryId(from)} at ${head.id}.`,
    changes: entries.map(({ path, sha256 }) => ({ change: 'put', path, sha256 })),
  });
  await copyIndex(context, source, copy, [...new Set(entries.map(({ sha256 }) => sha256))]);
  return copy;
}

/** Undefined before the first commit. */
async function mainOf(context: RegistryContext, repository: Repository): Promise<Revision | undefined> {
  try {
    return await resolveRevision(context, repository, 'main');
  } catch (error) {
    if (errorCode(error) === 'revision.missing') return undefined;
    throw error;
  }
}

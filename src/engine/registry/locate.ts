import { CordonError, errorCode, errorMessage } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import { missingRepository } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { revisionToServe } from './conversion/await-conversion.ts';
import { type RepositoryName, repositoryId } from './names.ts';
import { openRepository, type Repository } from './repositories.ts';
import { findRef, resolveRevision, type Revision } from './revisions.ts';
import type { Upstreams } from './upstream/upstreams.ts';

/** What a reader means by a repository and a revision. */
export interface Located {
  readonly repository: Repository;
  readonly revision: Revision;
}

/** Fails with `registry.blocked` when it takes longer; the work goes on. Why: clients take silence for a broken network. */
export async function within<Value>(ms: number, work: Promise<Value>, because: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new CordonError('registry.blocked', `Cordon: ${because}, try again in a moment`)), ms);
  });
  // Why: when time ran out nobody else looks at how it ends.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The revision a reader asks for: ours, or one mirrored from a remote hub. Throws as {@link openRepository} and {@link resolveRevision} do. */
export async function locate(
  context: RegistryContext,
  upstreams: Upstreams,
  principal: Principal,
  name: RepositoryName,
  revision: string,
  waitMs = context.config.registry.ingest.waitSeconds * 1_000,
): Promise<Located> {
  // Why first: what somebody may not read, nobody fetches for them.
  if (!principal.can('read', repositoryId(name))) throw missingRepository(repositoryId(name));
  const mirrored = await within(waitMs, mirroredOr(context, upstreams, name, revision), 'it is being fetched from the remote hub');
  const found = mirrored ?? (await ownRevision(context, principal, name, revision));
  // Why not by its own id or a tag: whoever names exactly that means that.
  if (found.revision.id === revision || (mirrored === undefined && !(await isBranch(context, found.repository, revision)))) return found;
  return { ...found, revision: await revisionToServe(context, found.repository, found.revision, waitMs) };
}

async function ownRevision(context: RegistryContext, principal: Principal, name: RepositoryName, revision: string): Promise<Located> {
  const repository = await openRepository(context, principal, name);
  return { repository, revision: await resolveRevision(context, repository, revision) };
}

async function isBranch(context: RegistryContext, repository: Repository, name: string): Promise<boolean> {
  const branch = name === 'HEAD' ? 'main' : name;
  const ref = branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
  return ref.startsWith('refs/heads/') && (await findRef(context.store.db, repository.id, ref)) !== undefined;
}

async function mirroredOr(
  context: RegistryContext,
  upstreams: Upstreams,
  name: RepositoryName,
  revision: string,
): Promise<Located | undefined> {
  try {
    return await upstreams.find(name, revision);
  } catch (error) {
    if (errorCode(error) === 'registry.blocked') throw error;
    context.log.warn({ error: errorMessage(error), repository: repositoryId(name) }, 'a remote hub could not be mirrored');
    throw new CordonError('registry.blocked', `Cordon: ${repositoryId(name)} could not be fetched from the remote hub`, { cause: error });
  }
}

import { CordonError } from '../../../core/errors.ts';
import type { Upstream } from '../../../core/upstream-config.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { localOperator, type Principal } from '../../../identity/permission.ts';
import { usableBlobs } from '../blob-rights.ts';
import { commit, type FileChange } from '../commit.ts';
import type { RegistryContext } from '../context.ts';
import { type RepositoryName, repositoryId } from '../names.ts';
import { createRepository, find, type Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';
import { upload } from '../upload.ts';
import { curateFiles } from './curate.ts';
import type { RemoteEntry, RemoteHub } from './remote-hub.ts';

/**
 * Who writes what comes from an upstream. Why only this repository: a hub that knows the digest of a private file must not get
 * it into its mirror by announcing it.
 */
function mirrorPrincipal(upstream: Upstream, name: RepositoryName): Principal {
  const operator = localOperator(`upstream ${upstream.id}`);
  return { ...operator, can: (_, object) => object === repositoryId(name) };
}

/** Is this repository a mirror? What people made here never takes anything from elsewhere. */
export function isMirrorOf(repository: Repository, upstream: Upstream): boolean {
  return repository.created_by === mirrorPrincipal(upstream, repository).id;
}

/**
 * Fetches all files of a commit, checks each against the digest that the hub announced, and makes an ordinary revision of
 * them, which a gate then decides about. Throws `registry.blocked` when the curation refuses it.
 */
export async function mirrorRevision(
  context: RegistryContext,
  upstream: Upstream,
  hub: RemoteHub,
  name: RepositoryName,
  remoteCommit: string,
): Promise<Revision> {
  const principal = mirrorPrincipal(upstream, name);
  const curated = curateFiles(upstream.curation, await hub.files(name, remoteCommit));
  if ('refusal' in curated) throw new CordonError('registry.blocked', `Cordon does not mirror it: ${curated.refusal}`);
  const repository = (await find(context.store.db, name)) ?? (await createRepository(context, principal, name));
  if (!isMirrorOf(repository, upstream)) throw new CordonError('registry.conflict', `${repositoryId(name)} is no mirror`);
  const changes: FileChange[] = [];
  for (const entry of curated.entries) {
    changes.push({
      change: 'put',
      path: entry.path,
      sha256: await fetchFile(context, principal, repository, hub, name, remoteCommit, entry),
    });
  }
  const revision = await commit(context, principal, repository, {
    ref: `refs/upstream/${remoteCommit}`,
    title: `Mirror of ${repositoryId(name)} at ${remoteCommit.slice(0, 12)}`,
    message: `Origin: ${upstream.url}\nCommit: ${remoteCommit}`,
    changes,
  });
  await context.store.transaction((tx) =>
    appendEntry(tx, {
      kind: 'revision.mirrored',
      body: {
        repository: repositoryId(name),
        kind: name.kind,
        revision: revision.id,
        manifest: revision.manifest,
        upstream: upstream.id,
        origin: upstream.url,
        commit: remoteCommit,
      },
    }),
  );
  return revision;
}

async function fetchFile(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  hub: RemoteHub,
  name: RepositoryName,
  remoteCommit: string,
  entry: RemoteEntry,
): Promise<string> {
  if (entry.sha256 !== undefined) {
    const usable = await usableBlobs(context.store.db, principal, repository, [entry.sha256], context.now());
    if (usable.get(entry.sha256) === entry.size) return entry.sha256;
  }
  const source = hub.content(name, remoteCommit, entry);
  const { sha256, gitSha1 } = await upload(context, principal, repository, source, { sha256: entry.sha256, size: entry.size });
  if (entry.sha256 === undefined && gitSha1 !== null && entry.gitSha1 !== undefined && gitSha1 !== entry.gitSha1) {
    throw new CordonError('input.mismatch', `${entry.path}: the hub sends other bytes than it announced`);
  }
  return sha256;
}

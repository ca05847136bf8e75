import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Tx } from '../../store/open-store.ts';
import { authorize } from './authorize.ts';
import { requireBlobs } from './blob-rights.ts';
import type { RegistryContext } from './context.ts';
import { lockRepository } from './lock-repository.ts';
import { firstState } from './recalls.ts';
import { checkFilePath, foldedPath, repositoryId } from './names.ts';
import { loadManifest, type ManifestEntry, saveManifest } from './manifest.ts';
import { requireBranchRight } from './protected-branches.ts';
import { chargeBytes } from './quotas.ts';
import { refuseTwin } from './ref-twin.ts';
import type { Repository } from './repositories.ts';
import { addRevision, findRef, findRevision, type Revision } from './revisions.ts';

/** A change to the files of a repository. `sha256` must have been uploaded before. */
export type FileChange =
  | { readonly change: 'put'; readonly path: string; readonly sha256: string }
  | { readonly change: 'delete'; readonly path: string }
  | { readonly change: 'delete-folder'; readonly path: string };

export interface Commit {
  /** Full name of the branch or proposed change that moves. */
  readonly ref: string;
  readonly title: string;
  readonly message?: string;
  readonly changes: readonly FileChange[];
  /** Id of the revision the changes were made on; another head is a conflict. */
  readonly parent?: string;
  /** Where a ref that does not exist yet starts from. */
  readonly startFrom?: Revision;
  /** It takes over a proposed change that two people have seen. */
  readonly isMerge?: boolean;
}

/** Files of one revision. Why: every commit writes its whole list. */
const FILES_AT_MOST = 100_000;

/**
 * Makes a revision and moves a ref to it, all or nothing. It is served to nobody before a gate has admitted it. Throws
 * `registry.conflict` when the head moved or a parent is wrong, `request.invalid`, `access.denied`.
 */
export async function commit(context: RegistryContext, principal: Principal, repository: Repository, change: Commit): Promise<Revision> {
  return context.store.transaction((tx) => commitIn(tx, context, principal, repository, change));
}

/** The same inside a transaction, together with what follows from it. */
export async function commitIn(
  tx: Tx,
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  change: Commit,
): Promise<Revision> {
  authorize(principal, 'write', repository);
  // Why: tags never move.
  if (!/^refs\/(?:heads|pr|upstream)\//.test(change.ref))
    throw new CordonError('request.invalid', 'commits go to branches and proposed changes only');
  for (const { path } of change.changes) checkFilePath(path);
  return write(context, tx, principal, repository, change);
}

async function write(context: RegistryContext, tx: Tx, principal: Principal, repository: Repository, change: Commit): Promise<Revision> {
  await lockRepository(tx, repository);
  const now = context.now();
  const ref = await findRef(tx, repository.id, change.ref);
  requireBranchRight(context, principal, repository, change.ref, { isMerge: change.isMerge === true, isNew: ref === undefined });
  if (ref === undefined) await refuseTwin(tx, repository.id, change.ref);
  const head = ref === undefined ? change.startFrom : await findRevision(tx, repository.id, ref.revision);
  if (change.parent !== undefined && change.parent !== head?.id) {
    throw new CordonError('registry.conflict', `${change.ref} is at ${head?.id ?? 'nothing'}, not at ${change.parent.slice(0, 40)}`);
  }
  const before = head === undefined ? [] : await loadManifest(tx, head.manifest);
  const brought = change.changes.flatMap((one) => (one.change === 'put' ? [one.sha256] : []));
  const sizes = await requireBlobs(tx, principal, repository, brought, now);
  const contents = [...sizes].map(([sha256, size]) => ({ sha256, size }));
  await chargeBytes(context, tx, repository.namespace, contents);
  const entries = applied(before, change.changes, sizes);
  const manifest = await saveManifest(tx, entries, now, head === undefined ? undefined : { digest: head.manifest, entries: before });
  // Why: clients that send what is there already have nothing to tell in the history.
  if (ref !== undefined && head !== undefined && head.manifest === manifest) return head;
  const revision = await addRevision(tx, {
    repository_id: repository.id,
    manifest,
    parent: head?.id ?? null,
    title: change.title.slice(0, 1_000),
    message: (change.message ?? '').slice(0, 65_536),
    author: principal.name,
    created_at: now,
  });
  await moveRef(tx, repository, change.ref, revision.id, now);
  await tx
    .insertInto('admission')
    .values({ repository_id: repository.id, manifest, ...(await firstState(tx, repository, manifest)), decision_id: null, updated_at: now })
    .onConflict((conflict) => conflict.columns(['repository_id', 'manifest']).doNothing())
    .execute();
  await tx.updateTable('repository').set({ updated_at: now }).where('id', '=', repository.id).execute();
  await appendEntry(tx, {
    kind: 'revision.committed',
    body: {
      repository: repositoryId(repository),
      kind: repository.kind,
      ref: change.ref,
      revision: revision.id,
      manifest,
      by: principal.name,
    },
  });
  return revision;
}

/** Points a ref at a revision. */
export async function moveRef(tx: Tx, repository: Repository, name: string, revision: string, now: number): Promise<void> {
  await tx
    .insertInto('ref')
    .values({ repository_id: repository.id, name, revision, updated_at: now })
    .onConflict((conflict) => conflict.columns(['repository_id', 'name']).doUpdateSet({ revision, updated_at: now }))
    .execute();
}

/** The files after the changes, in their order. Throws `request.invalid` for what cannot be on a disk at once. */
function applied(
  before: readonly ManifestEntry[],
  changes: readonly FileChange[],
  sizes: ReadonlyMap<string, number>,
): readonly ManifestEntry[] {
  const files = new Map(before.map((entry) => [entry.path, entry]));
  for (const one of changes) {
    if (one.change === 'put') {
      files.set(one.path, { path: one.path, sha256: one.sha256, size: sizes.get(one.sha256) ?? 0 });
    } else if (one.change === 'delete') {
      files.delete(one.path);
    } else {
      const folder = `${one.path}/`;
      for (const path of files.keys()) if (path.startsWith(folder)) files.delete(path);
    }
  }
  if (files.size > FILES_AT_MOST) throw new CordonError('request.invalid', `a revision has at most ${FILES_AT_MOST} files`);
  refuseClashes(files.keys());
  return [...files.values()];
}

/** Why: `a` and `a/b`, or `a` and `A`, cannot both be written, and what a client then does is its own affair. */
function refuseClashes(paths: Iterable<string>): void {
  const folded = new Map<string, string>();
  for (const path of paths) {
    const key = foldedPath(path);
    const same = folded.get(key);
    if (same !== undefined) {
      const both = `${JSON.stringify(same)} and ${JSON.stringify(path)}`;
      throw new CordonError('request.invalid', `${both} are one file where case and Unicode form do not count`);
    }
    folded.set(key, path);
  }
  for (const path of folded.keys()) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = folded.get(path.slice(0, slash));
      if (folder !== undefined) throw new CordonError('request.invalid', `${JSON.stringify(folder)} cannot be a file and a folder`);
    }
  }
}

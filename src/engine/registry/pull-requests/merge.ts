import { CordonError } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize } from '../authorize.ts';
import { commit, moveRef } from '../commit.ts';
import type { RegistryContext } from '../context.ts';
import { lockRepository } from '../lock-repository.ts';
import { loadManifest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import { isProtected, needsTwo, requireBranchRight } from '../protected-branches.ts';
import type { Repository } from '../repositories.ts';
import { findRef, findRevision, listHistory, resolveRevision, type Revision } from '../revisions.ts';
import { findRequest, type PullRequest, requestRef } from './find-request.ts';
import { addEvent, COMMENT_CHARACTERS } from './propose.ts';
import { mergeFiles, type MergedFiles } from './merge-files.ts';

const TARGET = 'refs/heads/main';
/** Revisions looked through for the one that both sides share. */
const HISTORY = 10_000;

/** Where a merge stands. */
export interface MergeState extends MergedFiles {
  readonly head: Revision;
  /** Undefined: there is no `main` yet. */
  readonly target: Revision | undefined;
  /** The branch only has to move. */
  readonly isFastForward: boolean;
}

/** What merging would do. */
export async function mergeState(context: RegistryContext, repository: Repository, request: PullRequest): Promise<MergeState> {
  const { db } = context.store;
  const head = await resolveRevision(context, repository, requestRef(request.number));
  const ref = await findRef(db, repository.id, TARGET);
  const target = ref === undefined ? undefined : await findRevision(db, repository.id, ref.revision);
  if (target === undefined) return { head, target, isFastForward: true, changes: [], conflicts: [] };
  const proposed = await listHistory(context, repository, head, HISTORY);
  if (proposed.some(({ id }) => id === target.id)) return { head, target, isFastForward: true, changes: [], conflicts: [] };
  const known = new Set(proposed.map(({ id }) => id));
  const base = (await listHistory(context, repository, target, HISTORY)).find(({ id }) => known.has(id));
  const [before, now, wanted] = await Promise.all([
    base === undefined ? [] : loadManifest(db, base.manifest),
    loadManifest(db, target.manifest),
    loadManifest(db, head.manifest),
  ]);
  return { head, target, isFastForward: false, ...mergeFiles(before, now, wanted) };
}

/**
 * Merges a proposed change into `main`. A protected `main` needs the right to approve, and somebody else than the author.
 * Throws `registry.conflict` when both sides changed the same file.
 */
export async function merge(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  number: number,
  text: string,
): Promise<Revision> {
  authorize(principal, 'write', repository);
  requireBranchRight(context, principal, repository, TARGET, { isMerge: true });
  const request = await findRequest(context.store.db, repository, number);
  if (request.kind !== 'pull-request') throw new CordonError('request.invalid', `${number} proposes no change`);
  if (request.status === 'merged' || request.status === 'closed')
    throw new CordonError('registry.conflict', `${number} is ${request.status}`);
  const state = await mergeState(context, repository, request);
  if (isProtected(context, TARGET)) await requireSecondPerson(context, principal, repository, request, state);
  if (state.conflicts.length > 0) {
    throw new CordonError('registry.conflict', `changed on both sides: ${state.conflicts.slice(0, 10).join(', ')}`);
  }
  const merged = state.isFastForward ? state.head : await mergeCommit(context, principal, repository, request, state);
  await context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const now = context.now();
    if (state.isFastForward) {
      const current = await findRef(tx, repository.id, TARGET);
      if (current?.revision !== state.target?.id) throw new CordonError('registry.conflict', 'main has just moved: try again');
      await moveRef(tx, repository, TARGET, merged.id, now);
    }
    await tx
      .updateTable('pull_request')
      .set({ status: 'merged', closed_at: now })
      .where('repository_id', '=', repository.id)
      .where('number', '=', number)
      .execute();
    if (text !== '') await addEvent(tx, request, principal, 'comment', text.slice(0, COMMENT_CHARACTERS), now);
    await addEvent(tx, request, principal, 'status-change', 'merged', now);
    await addEvent(tx, request, principal, 'commit', merged.id, now);
    await appendEntry(tx, {
      kind: 'change.merged',
      body: {
        repository: repositoryId(repository),
        kind: repository.kind,
        number,
        revision: merged.id,
        author: request.author,
        by: principal.name,
      },
    });
  });
  return merged;
}

/** Why the authors of its revisions too: whoever pushed to the proposal of somebody else would look at their own change. */
async function requireSecondPerson(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  request: PullRequest,
  { head, target }: MergeState,
): Promise<void> {
  if (needsTwo(context, TARGET) && principal.kind !== 'user')
    throw new CordonError('access.denied', 'main takes two people: services merge nothing');
  const known = new Set(target === undefined ? [] : (await listHistory(context, repository, target, HISTORY)).map(({ id }) => id));
  const history = await listHistory(context, repository, head, HISTORY);
  // Why: who wrote what lies behind the limit is not known.
  if (history.length >= HISTORY && !history.some(({ id }) => known.has(id)))
    throw new CordonError('access.denied', `the change has ${HISTORY} revisions or more; propose it again in one`);
  const proposed = history.filter(({ id }) => !known.has(id));
  if (request.author === principal.name || proposed.some(({ author }) => author === principal.name))
    throw new CordonError('access.denied', 'main is protected: somebody merges who has not written the change');
}

function mergeCommit(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  request: PullRequest,
  state: MergeState,
): Promise<Revision> {
  return commit(context, principal, repository, {
    ref: TARGET,
    title: `Merge ${requestRef(request.number)}: ${request.title}`,
    changes: state.changes,
    isMerge: true,
    ...(state.target !== undefined && { parent: state.target.id }),
  });
}

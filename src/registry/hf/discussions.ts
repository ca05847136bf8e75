import { errorCode } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { repositoryId } from '../../engine/registry/names.ts';
import type { PullRequest, PullRequestEvent } from '../../engine/registry/pull-requests/find-request.ts';
import { mergeState, type MergeState } from '../../engine/registry/pull-requests/merge.ts';
import type { Repository } from '../../engine/registry/repositories.ts';

/** A discussion as the Hub API lists it. */
export function discussionBody(repository: Repository, request: PullRequest): Record<string, unknown> {
  return {
    num: request.number,
    title: request.title,
    author: { name: request.author, type: 'user' },
    status: request.status,
    createdAt: new Date(request.created_at).toISOString(),
    isPullRequest: request.kind === 'pull-request',
    repo: { name: repositoryId(repository), type: repository.kind },
  };
}

/** An event of a discussion. */
export function eventBody(event: PullRequestEvent, isHidden = false): Record<string, unknown> {
  const { id, kind, author, created_at } = event;
  return { id, type: kind, author: { name: author }, createdAt: new Date(created_at).toISOString(), data: dataOf(event, isHidden) };
}

function dataOf({ kind, body, created_at }: PullRequestEvent, isHidden: boolean): unknown {
  if (kind === 'comment') {
    const latest = { raw: body, html: '', updatedAt: new Date(created_at).toISOString() };
    return { edited: false, hidden: isHidden, latest, history: [] };
  }
  if (kind === 'status-change') return { status: body };
  if (kind === 'title-change') return JSON.parse(body) as unknown;
  return { subject: 'merged', oid: body };
}

/** A discussion with its events; for a proposed change, what it would do. */
export async function discussionDetails(
  context: RegistryContext,
  repository: Repository,
  request: PullRequest,
  events: readonly PullRequestEvent[],
): Promise<Record<string, unknown>> {
  const body = { ...discussionBody(repository, request), events: events.map((event) => eventBody(event)) };
  if (request.kind === 'discussion') return body;
  const merged = events.findLast(({ kind }) => kind === 'commit')?.body;
  const state = request.status === 'merged' ? undefined : await stateOf(context, repository, request);
  return {
    ...body,
    filesWithConflicts: state === undefined ? [] : state.conflicts,
    diff: '',
    changes: { base: 'refs/heads/main', ...(merged !== undefined && { mergeCommitId: merged }) },
  };
}

/** Undefined: nothing was committed to it yet. */
async function stateOf(context: RegistryContext, repository: Repository, request: PullRequest): Promise<MergeState | undefined> {
  try {
    return await mergeState(context, repository, request);
  } catch (error) {
    if (errorCode(error) === 'revision.missing') return undefined;
    throw error;
  }
}

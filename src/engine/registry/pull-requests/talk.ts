import { CordonError } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { Tx } from '../../../store/open-store.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import { findRequest, type PullRequest, type PullRequestEvent } from './find-request.ts';
import { addEvent, COMMENT_CHARACTERS } from './propose.ts';

/** Events of one discussion. Why: readers may write here, and must not fill the disk. */
const EVENTS_AT_MOST = 5_000;

/** Adds a comment; whoever may read may. */
export async function comment(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  number: number,
  text: string,
): Promise<PullRequestEvent> {
  authorize(principal, 'read', repository);
  return context.store.transaction(async (tx) => {
    const request = await findRequest(tx, repository, number);
    await refuseTooMany(tx, request);
    return addEvent(tx, request, principal, 'comment', text.slice(0, COMMENT_CHARACTERS), context.now());
  });
}

/** Changes a comment of one's own. */
export async function editComment(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  id: string,
  text: string,
): Promise<PullRequestEvent> {
  authorize(principal, 'read', repository);
  const changed = await context.store.db
    .updateTable('pull_request_event')
    .set({ body: text.slice(0, COMMENT_CHARACTERS) })
    .where('id', '=', id)
    .where('repository_id', '=', repository.id)
    .where('kind', '=', 'comment')
    .where('author', '=', principal.name)
    .returningAll()
    .executeTakeFirst();
  if (changed === undefined) throw new CordonError('file.missing', 'there is no such comment of yours');
  return changed;
}

/** Opens or closes; the author may, and whoever may write. A merged change stays merged. */
export async function setStatus(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  number: number,
  status: 'open' | 'closed',
): Promise<PullRequestEvent> {
  return context.store.transaction(async (tx) => {
    const request = await ownedRequest(tx, principal, repository, number);
    if (request.status === 'merged') throw new CordonError('registry.conflict', `${number} is merged`);
    const now = context.now();
    await tx
      .updateTable('pull_request')
      .set({ status, closed_at: status === 'closed' ? now : null })
      .where('repository_id', '=', repository.id)
      .where('number', '=', number)
      .execute();
    if (request.kind === 'pull-request') {
      await appendEntry(tx, {
        kind: 'change.status',
        body: { repository: repositoryId(repository), kind: repository.kind, number, status, by: principal.name },
      });
    }
    return addEvent(tx, request, principal, 'status-change', status, now);
  });
}

/** Gives it another title; the author may, and whoever may write. */
export async function setTitle(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  number: number,
  title: string,
): Promise<PullRequestEvent> {
  return context.store.transaction(async (tx) => {
    const request = await ownedRequest(tx, principal, repository, number);
    const to = title.slice(0, 200);
    await tx
      .updateTable('pull_request')
      .set({ title: to })
      .where('repository_id', '=', repository.id)
      .where('number', '=', number)
      .execute();
    return addEvent(tx, request, principal, 'title-change', JSON.stringify({ from: request.title, to }), context.now());
  });
}

async function ownedRequest(tx: Tx, principal: Principal, repository: Repository, number: number): Promise<PullRequest> {
  const request = await findRequest(tx, repository, number);
  authorize(principal, request.author === principal.name ? 'read' : 'write', repository);
  await refuseTooMany(tx, request);
  return request;
}

async function refuseTooMany(tx: Tx, request: PullRequest): Promise<void> {
  const { count } = await tx
    .selectFrom('pull_request_event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('repository_id', '=', request.repository_id)
    .where('number', '=', request.number)
    .executeTakeFirstOrThrow();
  if (Number(count) >= EVENTS_AT_MOST) throw new CordonError('request.invalid', 'the discussion is full');
}

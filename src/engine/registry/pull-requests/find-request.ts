import type { Selectable } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { PullRequestEventTable } from '../../../store/schema/hub.ts';
import type { PullRequestTable } from '../../../store/schema/repositories.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';

export type PullRequest = Selectable<PullRequestTable>;
export type PullRequestEvent = Selectable<PullRequestEventTable>;

/** What to list. */
export interface PullRequestQuery {
  readonly kind?: PullRequest['kind'];
  /** Drafts count as open, merged ones as closed. */
  readonly status?: 'open' | 'closed';
  readonly author?: string;
  readonly offset: number;
  readonly limit: number;
}

/** The ref of a proposed change. */
export function requestRef(number: number): string {
  return `refs/pr/${number}`;
}

/** Throws `file.missing` when there is no such discussion. */
export async function findRequest(db: Pick<Tx, 'selectFrom'>, repository: Repository, number: number): Promise<PullRequest> {
  const request = await db
    .selectFrom('pull_request')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('number', '=', number)
    .executeTakeFirst();
  if (request === undefined) throw new CordonError('file.missing', `${repositoryId(repository)} has no discussion ${number}`);
  return request;
}

/** A discussion or proposed change with what happened in it, oldest first. */
export async function openRequest(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  number: number,
): Promise<{ readonly request: PullRequest; readonly events: readonly PullRequestEvent[] }> {
  authorize(principal, 'read', repository);
  const request = await findRequest(context.store.db, repository, number);
  const events = await context.store.db
    .selectFrom('pull_request_event')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('number', '=', number)
    .orderBy('id')
    .limit(10_000)
    .execute();
  return { request, events };
}

/** A page of discussions, newest first, and how many there are in all. */
export async function listRequests(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  query: PullRequestQuery,
): Promise<{ readonly requests: readonly PullRequest[]; readonly total: number }> {
  authorize(principal, 'read', repository);
  let select = context.store.db.selectFrom('pull_request').where('repository_id', '=', repository.id);
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
  if (query.author !== undefined) select = select.where('author', '=', query.author);
  if (query.status !== undefined) select = select.where('status', 'in', query.status === 'open' ? ['open', 'draft'] : ['closed', 'merged']);
  const { total } = await select.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const requests = await select.selectAll().orderBy('number', 'desc').offset(query.offset).limit(query.limit).execute();
  return { requests, total: Number(total) };
}

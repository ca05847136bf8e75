import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import { newId } from '../../../store/ids.ts';
import type { Tx } from '../../../store/open-store.ts';
import { authorize } from '../authorize.ts';
import { moveRef } from '../commit.ts';
import type { RegistryContext } from '../context.ts';
import { lockRepository } from '../lock-repository.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import { findRef } from '../revisions.ts';
import { type PullRequest, type PullRequestEvent, requestRef } from './find-request.ts';

/** What somebody wants to talk about or have merged. */
export interface Proposal {
  readonly kind: PullRequest['kind'];
  readonly title: string;
  readonly description: string;
  readonly status: 'draft' | 'open';
}

/** Why: anybody who may read may write here. */
const TITLE_CHARACTERS = 200;
export const COMMENT_CHARACTERS = 65_536;

/**
 * Opens a discussion, or a proposed change whose ref starts where `main` is. A discussion needs the right to read, a proposed
 * change the right to write.
 */
export async function propose(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  proposal: Proposal,
): Promise<PullRequest> {
  authorize(principal, proposal.kind === 'discussion' ? 'read' : 'write', repository);
  return context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const now = context.now();
    const last = await tx
      .selectFrom('pull_request')
      .select(({ fn }) => fn.max('number').as('number'))
      .where('repository_id', '=', repository.id)
      .executeTakeFirst();
    const request: PullRequest = {
      repository_id: repository.id,
      number: Number(last?.number ?? 0) + 1,
      kind: proposal.kind,
      title: proposal.title.slice(0, TITLE_CHARACTERS),
      description: proposal.description.slice(0, COMMENT_CHARACTERS),
      author: principal.name,
      status: proposal.status,
      created_at: now,
      closed_at: null,
    };
    await tx.insertInto('pull_request').values(request).execute();
    await addEvent(tx, request, principal, 'comment', request.description, now);
    const main = await findRef(tx, repository.id, 'refs/heads/main');
    if (proposal.kind === 'pull-request') {
      if (main !== undefined) await moveRef(tx, repository, requestRef(request.number), main.revision, now);
      await appendEntry(tx, {
        kind: 'change.proposed',
        body: { repository: repositoryId(repository), kind: repository.kind, number: request.number, by: principal.name },
      });
    }
    return request;
  });
}

/** Writes down that something happened. */
export async function addEvent(
  tx: Tx,
  request: Pick<PullRequest, 'repository_id' | 'number'>,
  principal: Principal,
  kind: PullRequestEvent['kind'],
  body: string,
  now: number,
): Promise<PullRequestEvent> {
  const { repository_id, number } = request;
  const event: PullRequestEvent = { id: newId(), repository_id, number, kind, author: principal.name, body, created_at: now };
  await tx.insertInto('pull_request_event').values(event).execute();
  return event;
}

import type { Hono } from 'hono';
import * as z from 'zod';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { listRequests, openRequest, type PullRequest } from '../../engine/registry/pull-requests/find-request.ts';
import { merge } from '../../engine/registry/pull-requests/merge.ts';
import { propose } from '../../engine/registry/pull-requests/propose.ts';
import { comment, editComment, setStatus, setTitle } from '../../engine/registry/pull-requests/talk.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { discussionBody, discussionDetails, eventBody } from './discussions.ts';
import { parsed } from './parsed.ts';
import { BASE, namedIn } from './routes.ts';

const PAGE = 50;
const NUMBER = ':number{[1-9][0-9]{0,8}}';
const Opened = z.object({ title: z.string().min(1), description: z.string().nullish(), pullRequest: z.boolean().nullish() });
const Comment = z.object({ comment: z.string().min(1) });
const Edited = z.object({ content: z.string().min(1) });
const Status = z.object({ status: z.enum(['open', 'closed']), comment: z.string().nullish() });
const Title = z.object({ title: z.string().min(1) });
const Merged = z.object({ comment: z.string().nullish() });

/** Discussions and proposed changes. */
export function addDiscussionRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get(`${BASE}/discussions`, async (c) => {
    const repository = await opened(c, context);
    const { type, status, author, p } = c.req.query();
    const offset = PAGE * Math.min(Math.max(Math.trunc(Number(p ?? 0)) || 0, 0), 10_000);
    const { requests, total } = await listRequests(context, c.var.principal, repository, {
      offset,
      limit: PAGE,
      ...((type === 'pull_request' || type === 'discussion') && { kind: type === 'discussion' ? type : 'pull-request' }),
      ...((status === 'open' || status === 'closed') && { status }),
      ...(author !== undefined && { author }),
    });
    return c.json({ discussions: requests.map((one) => discussionBody(repository, one)), count: total, start: offset });
  });

  app.post(`${BASE}/discussions`, async (c) => {
    const repository = await opened(c, context);
    const { title, description, pullRequest } = parsed(Opened, await jsonBody(c));
    const request = await propose(context, c.var.principal, repository, {
      kind: pullRequest === true ? 'pull-request' : 'discussion',
      title,
      description: description ?? '',
      status: pullRequest === true ? 'draft' : 'open',
    });
    return c.json(discussionBody(repository, request));
  });

  app.get(`${BASE}/discussions/${NUMBER}`, async (c) => {
    const repository = await opened(c, context);
    const { request, events } = await openRequest(context, c.var.principal, repository, numberOf(c));
    return c.json(await discussionDetails(context, repository, request, events));
  });

  app.post(`${BASE}/discussions/${NUMBER}/comment`, async (c) => {
    const repository = await opened(c, context);
    const { comment: text } = parsed(Comment, await jsonBody(c));
    return c.json({ newMessage: eventBody(await comment(context, c.var.principal, repository, numberOf(c), text)) });
  });

  app.post(`${BASE}/discussions/${NUMBER}/comment/:id/:what{(?:edit|hide)}`, async (c) => {
    const repository = await opened(c, context);
    const isHiding = c.req.param('what') === 'hide';
    const text = isHiding ? 'This comment has been hidden' : parsed(Edited, await jsonBody(c)).content;
    const changed = await editComment(context, c.var.principal, repository, c.req.param('id') ?? '', text);
    return c.json({ updatedComment: eventBody(changed, isHiding) });
  });

  app.post(`${BASE}/discussions/${NUMBER}/title`, async (c) => {
    const repository = await opened(c, context);
    const { title } = parsed(Title, await jsonBody(c));
    return c.json({ newTitle: eventBody(await setTitle(context, c.var.principal, repository, numberOf(c), title)) });
  });

  app.post(`${BASE}/discussions/${NUMBER}/status`, async (c) => {
    const repository = await opened(c, context);
    const { status, comment: text } = parsed(Status, await jsonBody(c));
    if (typeof text === 'string' && text !== '') await comment(context, c.var.principal, repository, numberOf(c), text);
    return c.json({ newStatus: eventBody(await setStatus(context, c.var.principal, repository, numberOf(c), status)) });
  });

  app.post(`${BASE}/discussions/${NUMBER}/merge`, async (c) => {
    const repository = await opened(c, context);
    const { comment: text } = parsed(Merged, await jsonBody(c));
    const revision = await merge(context, c.var.principal, repository, numberOf(c), text ?? '');
    return c.json({ success: true, mergeCommitId: revision.id });
  });
}

function opened(c: RegistryRequest, context: RegistryContext): Promise<Repository> {
  return openRepository(context, c.var.principal, namedIn(c.req.param()));
}

function numberOf(c: RegistryRequest): PullRequest['number'] {
  return Number(c.req.param('number'));
}

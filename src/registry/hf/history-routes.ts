import type { Hono } from 'hono';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { refName } from '../../engine/registry/names.ts';
import { createRef, deleteRef } from '../../engine/registry/refs.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { countHistory, listHistory, listRefs, resolveRevision } from '../../engine/registry/revisions.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv } from '../http/env.ts';
import { linkNext } from './paging.ts';
import { BASE, namedIn, revisionAndPath } from './routes.ts';

const PAGE = 100;
const PAGE_AT_MOST = 1_000;

/** History, branches and tags. */
export function addHistoryRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get(`${BASE}/refs`, async (c) => {
    const refs = await listRefs(context, await openRepository(context, c.var.principal, namedIn(c.req.param())));
    const under = (prefix: string) =>
      refs
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name, revision }) => ({ name: name.slice(prefix.length), ref: name, targetCommit: revision }));
    return c.json({ branches: under('refs/heads/'), tags: under('refs/tags/'), converts: [], pullRequests: under('refs/pr/') });
  });

  app.get(`${BASE}/commits/:rev{.+}`, async (c) => {
    const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()));
    const head = await resolveRevision(context, repository, revisionAndPath(c, 5).revision);
    const cursor = c.req.query('cursor');
    const start = cursor === undefined ? head : await resolveRevision(context, repository, cursor);
    const limit = Math.max(1, Math.min(Math.trunc(Number(c.req.query('limit') ?? PAGE)) || PAGE, PAGE_AT_MOST));
    const history = await listHistory(context, repository, start, limit + 1);
    const next = history[limit];
    if (next !== undefined) linkNext(c, context, next.id);
    c.header('X-Total-Count', String(await countHistory(context, repository, head)));
    return c.json(
      history.slice(0, limit).map(({ id, title, message, author, created_at }) => ({
        id,
        title,
        message,
        authors: [{ user: author }],
        date: new Date(created_at).toISOString(),
      })),
    );
  });

  for (const [segment, kind] of [
    ['branch', 'heads'],
    ['tag', 'tags'],
  ] as const) {
    app.post(`${BASE}/${segment}/:ref{.+}`, async (c) => {
      const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
      const body = (await jsonBody(c)) as { startingPoint?: unknown; tag?: unknown };
      const given = c.req.param('ref');
      // A tag is named in the body and made at the revision of the path; a branch the other way round.
      const [name, at] = kind === 'tags' ? [body.tag, given] : [given, body.startingPoint ?? 'main'];
      if (typeof name !== 'string' || typeof at !== 'string') {
        throw new CordonError('request.invalid', `the name of the ${segment} is missing`);
      }
      await createRef(context, c.var.principal, repository, refName(kind, name), await resolveRevision(context, repository, at));
      return c.json({ success: true });
    });
    app.delete(`${BASE}/${segment}/:ref{.+}`, async (c) => {
      const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
      await deleteRef(context, c.var.principal, repository, refName(kind, c.req.param('ref')));
      return c.json({ success: true });
    });
  }
}

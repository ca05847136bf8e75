import type { Hono } from 'hono';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { locate } from '../../engine/registry/locate.ts';
import { requireServed } from '../../engine/registry/read-file.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import type { Access } from '../http/access.ts';
import type { RegistryEnv } from '../http/env.ts';
import { openXetSession, xetSessionAnswer } from '../http/xet-session.ts';
import { BASE, namedIn, revisionAndPath } from './routes.ts';

/** Tokens for uploads and downloads by Xet. */
export function addXetTokenRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access, upstreams: Upstreams): void {
  app.get(`${BASE}/xet-write-token/:rev{.+}`, async (c) => {
    const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
    return xetSessionAnswer(c, openXetSession(c, context, access, repository));
  });

  app.get(`${BASE}/xet-read-token/:rev{.+}`, async (c) => {
    const name = namedIn(c.req.param());
    const { repository, revision } = await locate(context, upstreams, c.var.principal, name, revisionAndPath(c, 5).revision);
    // Why here too, before any byte is asked for: what Xet answers is shown by no client, and what the Hub answers by all.
    await requireServed(context, c.var.principal, repository, revision.manifest, '');
    return xetSessionAnswer(c, openXetSession(c, context, access, repository, revision.id));
  });
}

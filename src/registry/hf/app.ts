import { Hono } from 'hono';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import type { Access } from '../http/access.ts';
import { authenticated } from '../http/authentication.ts';
import type { RegistryEnv } from '../http/env.ts';
import { addCommitRoutes } from './commit-routes.ts';
import { addCopyRoutes } from './copy-routes.ts';
import { addDiscussionRoutes } from './discussion-routes.ts';
import { hubError, unauthorized } from './errors.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { hubAccess } from './hub-access.ts';
import { addInfoRoutes } from './info-routes.ts';
import { addLfsRoutes, addTicketedLfsRoutes } from './lfs-routes.ts';
import { addRepositoryRoutes } from './repository-routes.ts';
import { addResolveRoutes } from './resolve-routes.ts';
import { Served } from './served.ts';
import { addStorageRoutes } from './storage-routes.ts';
import { addTreeRoutes } from './tree-routes.ts';
import { addUploadRoutes } from './upload-routes.ts';
import { addXetTokenRoutes } from './xet-token-routes.ts';

/** The Hugging Face Hub API, for clients whose HF_ENDPOINT leads here. */
export function hubApp(context: RegistryContext, access: Access, upstreams: Upstreams, served = new Served()): Hono<RegistryEnv> {
  const app = new Hono<RegistryEnv>();
  app.onError((error, c) => {
    if (!(error instanceof CordonError))
      context.log.error({ error: errorMessage(error), path: withoutTicket(c.req.path) }, 'a request of the hub failed');
    return hubError(c, error);
  });
  app.notFound((c) => hubError(c, new CordonError('file.missing', 'this registry does not know that address')));
  // Clients report their versions; nothing is kept.
  app.get('/api/telemetry/*', (c) => c.body(null, 200));
  app.get('/api/agent-harnesses', (c) => c.body(null, 404));
  addTicketedLfsRoutes(app, context, access);
  app.use('*', authenticated(hubAccess(access), unauthorized));
  addRepositoryRoutes(app, context);
  addInfoRoutes(app, context, upstreams);
  addStorageRoutes(app, context);
  addTreeRoutes(app, context, upstreams);
  addHistoryRoutes(app, context);
  addUploadRoutes(app, context);
  addXetTokenRoutes(app, context, access, upstreams);
  addLfsRoutes(app, context, access);
  addCommitRoutes(app, context);
  addCopyRoutes(app, context);
  addDiscussionRoutes(app, context);
  addResolveRoutes(app, context, upstreams, served);
  return app;
}

/** Why: whoever reads the log could upload by the ticket in the address of an upload. */
function withoutTicket(path: string): string {
  return path.replace(/\/lfs\/[^/]+/, '/lfs/ticket');
}

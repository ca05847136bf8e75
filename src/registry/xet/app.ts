import { Hono } from 'hono';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Access } from '../http/access.ts';
import type { RegistryEnv } from '../http/env.ts';
import { problemResponse } from '../http/problem.ts';
import { addDownloadRoutes } from './download-routes.ts';
import { uploadRoutes } from './upload-routes.ts';

/** The content server of Xet: what clients of the Hub API send and fetch in chunks. */
export function xetApp(context: RegistryContext, access: Access): Hono<RegistryEnv> {
  const app = new Hono<RegistryEnv>();
  app.onError((error, c) => {
    if (!(error instanceof CordonError))
      context.log.error({ error: errorMessage(error), path: withoutTicket(c.req.path) }, 'a request of Xet failed');
    return problemResponse(error);
  });
  addDownloadRoutes(app, context, access);
  app.route('/', uploadRoutes(context, access) as never);
  app.notFound((c) => c.body(null, 404));
  return app;
}

/** Why: whoever reads the log could download by the ticket in the address. */
function withoutTicket(path: string): string {
  return path.replace(/\/bytes\/[^/]+/, '/bytes/ticket');
}

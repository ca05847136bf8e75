import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { CordonError, errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { RegistryContext } from '../engine/registry/context.ts';
import type { Upstreams } from '../engine/registry/upstream/upstreams.ts';
import { hubApp } from '../registry/hf/app.ts';
import type { Served } from '../registry/hf/served.ts';
import type { Ledger } from '../evidence/ledger/ledger.ts';
import type { Identity } from '../identity/identity.ts';
import type { ApiAccess } from '../registry/http/access.ts';
import { mlflowApp } from '../registry/mlflow/app.ts';
import { apiApp, type MoreRoutes } from '../registry/api/app.ts';
import { xetApp } from '../registry/xet/app.ts';
import { problemResponse } from '../registry/http/problem.ts';
import { publicUrl } from '../registry/http/public-url.ts';
import { startPage } from './start-page.ts';

/** Why: the page is text alone; whatever got into it runs nothing and is framed by nobody. */
const PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** What the server is composed of. */
export interface Services {
  readonly registry: RegistryContext;
  readonly access: ApiAccess;
  readonly identity: Identity;
  readonly ledger: Ledger;
  readonly upstreams: Upstreams;
  readonly log: Logger;
  /** Shared with whatever answers before the routes. */
  readonly served?: Served;
  /** Routes of the API beside those of the registry. */
  readonly routes?: MoreRoutes;
  /** Names of what requests need and is not there now. */
  missing(): Promise<readonly string[]>;
  /** Metrics for Prometheus, for whoever may read them. Throws for others. */
  metrics(request: IncomingMessage): Promise<{ readonly type: string; readonly text: string }>;
}

/** One origin with a prefix for each protocol. A route that is not listed reaches nothing. */
export function serverApp(services: Services): Hono<{ Bindings: HttpBindings }> {
  const { registry, access, identity, ledger, log } = services;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use('*', async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
  app.onError((error, c) => {
    if (!(error instanceof CordonError)) log.error({ error: errorMessage(error), path: c.req.path }, 'a request failed');
    return problemResponse(error);
  });
  app.notFound(() => problemResponse(new CordonError('file.missing', 'there is nothing at this address')));
  app.get('/', (c) =>
    c.html(startPage(publicUrl(c, registry)), 200, { 'Content-Security-Policy': PAGE_POLICY, 'Cache-Control': 'no-store' }),
  );
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const missing = await services.missing();
    return missing.length === 0 ? c.text('ready') : c.text(`not ready: ${missing.join(', ')}`, 503);
  });
  app.get('/metrics', async (c) => {
    const { type, text } = await services.metrics(c.env.incoming);
    return c.body(text, 200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  });
  app.route('/xet', xetApp(registry, access) as never);
  app.route('/hf', hubApp(registry, access, services.upstreams, services.served) as never);
  app.route('/mlflow', mlflowApp(registry, access) as never);
  app.route('/api/v1', apiApp(registry, access, identity, ledger, services.routes) as never);
  return app;
}

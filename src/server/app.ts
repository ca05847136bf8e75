import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { CordonError, errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { RegistryContext } from '../engine/registry/context.ts';
import type { Upstreams } from '../engine/registry/upstream/upstreams.ts';
import type { Served } from '../registry/hf/served.ts';
import type { Ledger } from '../evidence/ledger/ledger.ts';
import type { Identity } from '../identity/identity.ts';
import type { ApiAccess } from '../registry/http/access.ts';
import type { MoreRoutes } from '../registry/api/app.ts';
import { problemResponse } from '../registry/http/problem.ts';
import { publicUrl } from '../registry/http/public-url.ts';
import { onDemand } from './on-demand.ts';
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
  routes?(): Promise<MoreRoutes>;
  /** Names of what requests need and is not there now. */
  missing(): Promise<readonly string[]>;
  /** Metrics for Prometheus, for whoever may read them. Throws for others. */
  metrics(request: IncomingMessage): Promise<{ readonly type: string; readonly text: string }>;
}

type App = Hono<{ Bindings: HttpBindings }>;

/** One origin with a prefix for each protocol. A route that is not listed reaches nothing. */
export function serverApp(services: Services): App {
  const { registry, access, identity, ledger, log } = services;
  const app = plainApp(log);
  app.use('*', async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
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
  const below = (prefix: string, load: () => Promise<unknown>): void => {
    app.all(
      `${prefix}/*`,
      onDemand(async () => plainApp(log).route(prefix, (await load()) as App)),
    );
  };
  // Why on demand: a process that is only a gateway has 10 MB less to carry.
  below('/xet', async () => (await import('../registry/xet/app.ts')).xetApp(registry, access));
  below('/hf', async () => (await import('../registry/hf/app.ts')).hubApp(registry, access, services.upstreams, services.served));
  below('/mlflow', async () => (await import('../registry/mlflow/app.ts')).mlflowApp(registry, access));
  below('/api/v1', async () => {
    const { apiApp } = await import('../registry/api/app.ts');
    return apiApp(registry, access, identity, ledger, await services.routes?.());
  });
  return app;
}

/** Says problems and what is missing the same way wherever they come up. */
function plainApp(log: Logger): App {
  const app: App = new Hono();
  app.onError((error, c) => {
    if (!(error instanceof CordonError)) log.error({ error: errorMessage(error), path: c.req.path }, 'a request failed');
    return problemResponse(error);
  });
  app.notFound(() => problemResponse(new CordonError('file.missing', 'there is nothing at this address')));
  return app;
}

import { Hono } from 'hono';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Access } from '../http/access.ts';
import { authenticated } from '../http/authentication.ts';
import type { RegistryEnv } from '../http/env.ts';
import { addArtifactRoutes } from './artifact-routes.ts';
import { mlflowError, refused, unauthorized } from './errors.ts';
import { addExperimentRoutes } from './experiment-routes.ts';
import { addLoggedModelRoutes } from './logged-model-routes.ts';
import { addMetricRoutes } from './metric-routes.ts';
import { addModelVersionRoutes } from './model-version-routes.ts';
import { addRegisteredModelRoutes } from './registered-model-routes.ts';
import { addRunRoutes } from './run-routes.ts';
import { addSearchRoutes } from './search-routes.ts';

/** The version of the protocol that is spoken: clients choose by it what they ask for. */
const MLFLOW_VERSION = '3.0.0';
/** The same routes for clients and, under `ajax-api`, for what runs in browsers. */
const PREFIXES = ['/api/2.0', '/api/3.0', '/ajax-api/2.0', '/ajax-api/3.0'] as const;

/** The MLflow API, for clients whose MLFLOW_TRACKING_URI leads here. */
export function mlflowApp(context: RegistryContext, access: Access): Hono<RegistryEnv> {
  const app = new Hono<RegistryEnv>();
  app.onError((error, c) => {
    if (!(error instanceof CordonError)) context.log.error({ error: errorMessage(error), path: c.req.path }, 'a request of MLflow failed');
    return mlflowError(error);
  });
  app.notFound(() => refused('ENDPOINT_NOT_FOUND', 'this registry does not know that address'));
  app.get('/health', (c) => c.text('OK'));
  app.get('/version', (c) => c.text(MLFLOW_VERSION));
  app.use('*', authenticated(access, unauthorized));
  const api = new Hono<RegistryEnv>();
  api.get('/mlflow/server-info', (c) =>
    c.json({ store_type: 'SqlStore', workspaces_enabled: false, trace_archival_enabled: false, multipart_uploads_enabled: false }),
  );
  addExperimentRoutes(api, context);
  addRunRoutes(api, context);
  addMetricRoutes(api, context);
  addSearchRoutes(api, context);
  addLoggedModelRoutes(api, context);
  addRegisteredModelRoutes(api, context);
  addModelVersionRoutes(api, context);
  addArtifactRoutes(api, context);
  for (const prefix of PREFIXES) app.route(prefix, api);
  return app;
}

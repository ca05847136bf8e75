import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Ledger } from '../../evidence/ledger/ledger.ts';
import type { Identity } from '../../identity/identity.ts';
import type { ApiAccess } from '../http/access.ts';
import { requireSmall } from '../http/body.ts';
import { authenticated } from '../http/authentication.ts';
import type { RegistryEnv } from '../http/env.ts';
import { problemResponse } from '../http/problem.ts';
import { addActRoutes } from './act-routes.ts';
import type { Api } from './define.ts';
import { addEvidenceRoutes, ATTESTATION_BYTES } from './evidence-routes.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { addLedgerRoutes } from './ledger-routes.ts';
import { addLineageRoutes } from './lineage-routes.ts';
import { addMaintenanceRoutes } from './maintenance-routes.ts';
import { addRepositoryRoutes } from './repository-routes.ts';
import { addWaiverRoutes } from './waiver-routes.ts';

/** Why: nothing that people or pipelines say to this API is longer. */
const BODY_BYTES = 1024 * 1024;

/** Routes that others bring: those of the gateway, and those by which people log in. */
export interface MoreRoutes {
  /** Asked without a credential. */
  readonly open?: readonly ((api: Api) => void)[];
  readonly closed?: readonly ((api: Api) => void)[];
}

/** Cordon's own API. Every route is in the OpenAPI document at `/openapi.json`. */
export function apiApp(context: RegistryContext, access: ApiAccess, identity: Identity, ledger: Ledger, more: MoreRoutes = {}): Api {
  const api: Api = new OpenAPIHono<RegistryEnv>({
    defaultHook(result) {
      if (result.success) return;
      const [issue] = result.error.issues;
      throw new CordonError('request.invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
    },
  });
  api.onError((error) => {
    // Why: the framework's own word for a body that is no JSON.
    if (error instanceof HTTPException && error.status < 500) return problemResponse(new CordonError('request.invalid', error.message));
    if (!(error instanceof CordonError)) context.log.error({ error: errorMessage(error) }, 'a request of the API failed');
    return problemResponse(error);
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  api.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Cordon', version: '1' } });
  api.use('*', async (c, next) => {
    requireSmall(c, c.req.path.endsWith('/attestations') ? ATTESTATION_BYTES : BODY_BYTES);
    await next();
  });
  for (const add of more.open ?? []) add(api);
  api.use(
    '*',
    authenticated({ authenticate: access.authenticatePage }, () =>
      problemResponse(new CordonError('access.unauthenticated', 'send a token: Authorization: Bearer cordon_...')),
    ),
  );
  for (const add of more.closed ?? []) add(api);
  addRepositoryRoutes(api, context);
  addActRoutes(api, context);
  addEvidenceRoutes(api, context);
  addLineageRoutes(api, context);
  addWaiverRoutes(api, context);
  addMaintenanceRoutes(api, context);
  addIdentityRoutes(api, identity);
  addLedgerRoutes(api, context.store, ledger);
  return api;
}

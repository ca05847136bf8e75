import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import type { GatewayServices } from '../../gateway/services.ts';
import { type Api, route } from '../../registry/api/define.ts';

const GatewayBody = z
  .object({
    live: z.int().describe('exchanges under way'),
    upstreams: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        inFlight: z.int(),
        connections: z.int(),
        problem: z.string().optional().describe('why it cannot be used at all'),
        retries: z.int(),
        retriesDenied: z.int(),
        targets: z.array(
          z.object({
            upstream: z.string(),
            model: z.string(),
            state: z.enum(['closed', 'open', 'half-open', 'ejected']).describe('of its circuit'),
            retryInMs: z.number(),
            inFlight: z.int(),
            latencyMs: z.number(),
            requests: z.int(),
            failures: z.int(),
          }),
        ),
      }),
    ),
    limits: z.object({
      sharing: z.array(
        z.object({
          store: z.enum(['memory', 'database', 'redis']),
          state: z.enum(['connected', 'lost', 'refusing']),
          since: z.string(),
          replicas: z.int(),
        }),
      ),
      spending: z
        .array(
          z.object({
            rule: z.string(),
            subject: z.string(),
            period: z.string(),
            spent: z.number().describe('charged for what was used, in millionths of a US dollar'),
            held: z
              .number()
              .describe(
                'held by processes beyond what is spent: for calls that go on and those of the next moments; what is not used comes back, except from a process that ended by force',
              ),
          }),
        )
        .describe('budgets'),
    }),
    cache: z.object({ entries: z.int(), bytes: z.int(), hits: z.int(), misses: z.int() }),
    audit: z.object({
      appended: z.int(),
      stored: z.int(),
      journalBytes: z.int(),
      lost: z.int(),
      problem: z.string().nullable(),
    }),
  })
  .openapi('Gateway');

/** How the gateway of this process is, for who may audit. */
export function addGatewayStateRoutes(api: Api, services: GatewayServices, live: () => number): void {
  const { upstreams, limits, cache, audit } = services;
  api.openapi(
    route({
      method: 'get',
      path: '/gateway',
      summary: 'Health of providers, budgets, the cache and the journal of records; needs the action audit',
      request: {},
      answer: GatewayBody,
    }),
    async (c) => {
      const { principal } = c.var;
      if (!principal.can('audit', '*')) throw new CordonError('access.denied', `${principal.name} may not see the state of the gateway`);
      const body = {
        live: live(),
        upstreams: upstreams.health(),
        limits: {
          sharing: limits.sharing().map((one) => ({ ...one, since: new Date(one.since).toISOString() })),
          spending: await limits.spending(),
        },
        cache: cache.stats(),
        audit: audit.state(),
      };
      // Why: the schema knows no readonly.
      return c.json(body as z.infer<typeof GatewayBody>, 200);
    },
  );
}

import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { checkContent, collect } from '../../engine/registry/maintenance/maintain.ts';
import type { Principal } from '../../identity/permission.ts';
import { type Api, json, route } from './define.ts';

const Collected = z
  .object({ manifests: z.int(), blobs: z.int(), bytes: z.int(), uploads: z.int(), leases: z.int(), resumed: z.int() })
  .openapi('Collected');

/** What administrators do to the store by hand. */
export function addMaintenanceRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'post',
      path: '/maintenance/collect',
      summary: 'Remove what nothing refers to and is older than the grace time',
      request: { body: json(z.strictObject({ dryRun: z.boolean().default(false) })) },
      answer: Collected,
    }),
    async (c) => {
      requireAdmin(c.var.principal);
      return c.json({ ...(await collect(context, c.req.valid('json'))) }, 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: '/maintenance/check',
      summary: 'Compare stored files with their digests for some time; what holds damaged ones is not served any more',
      request: {
        body: json(
          z.strictObject({
            seconds: z.number().min(0.1).max(540).default(60),
            after: z
              .string()
              .regex(/^[0-9a-f]{64}$/)
              .optional(),
          }),
        ),
      },
      answer: z.object({ checked: z.int(), damaged: z.int(), next: z.string().nullable() }),
    }),
    async (c) => {
      requireAdmin(c.var.principal);
      const { seconds, after } = c.req.valid('json');
      const { checked, damaged, next } = await checkContent(context, seconds * 1_000, after);
      return c.json({ checked, damaged, next: next ?? null }, 200);
    },
  );
}

function requireAdmin(principal: Principal): void {
  if (!principal.can('admin', '*')) throw new CordonError('access.denied', `${principal.name} does not manage this server`);
}

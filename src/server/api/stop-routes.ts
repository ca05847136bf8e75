import { z } from '@hono/zod-openapi';
import { STOP_KINDS, type Stop } from '../../engine/gateway/defence/stop.ts';
import type { Switches } from '../../engine/gateway/defence/switches.ts';
import { type Api, json, route } from '../../registry/api/define.ts';
import { Done } from '../../registry/api/schemas.ts';

const StopBody = z
  .object({
    id: z.string(),
    kind: z.enum(STOP_KINDS),
    value: z.string().describe('id, name, address, range or name with stars that calls are compared with'),
    label: z.string(),
    effect: z.enum(['block', 'tighten']),
    profile: z.string().nullable(),
    reason: z.string(),
    by: z.string().describe('who, or the rule of the automatic defence'),
    automatic: z.boolean(),
    at: z.string(),
    expiresAt: z.string().nullable(),
  })
  .openapi('Block');

/** Kill switches. Who may use them is decided by the engine, not here. */
export function addStopRoutes(api: Api, switches: Switches): void {
  api.openapi(
    route({ method: 'get', path: '/blocks', summary: 'What is stopped or tightened now', request: {}, answer: z.array(StopBody) }),
    async (c) => c.json((await switches.list(c.var.principal)).map(stopBody), 200),
  );
  api.openapi(
    route({
      method: 'post',
      path: '/blocks',
      summary: 'Stop a key, a principal, a team, an address, a model, a tool, a route, a session or everything, at once',
      request: {
        body: json(
          z.strictObject({
            kind: z.enum(STOP_KINDS),
            value: z
              .string()
              .max(400)
              .default('')
              .describe('id or first characters of a key, a name, an address or range, a name with stars'),
            reason: z.string().min(1).max(1_000),
            expiresAt: z.iso.datetime().optional().describe('default: until it is lifted'),
          }),
        ),
      },
      answer: StopBody,
    }),
    async (c) => {
      const { expiresAt, ...wanted } = c.req.valid('json');
      const stop = await switches.stop(c.var.principal, {
        ...wanted,
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      });
      return c.json(stopBody(stop), 200);
    },
  );
  api.openapi(
    route({
      method: 'delete',
      path: '/blocks/{id}',
      summary: 'Lift a stop before its time',
      request: { params: z.object({ id: z.string().min(1).max(64) }) },
      answer: Done,
    }),
    async (c) => {
      await switches.lift(c.var.principal, c.req.valid('param').id);
      return c.json({ done: true as const }, 200);
    },
  );
}

function stopBody(stop: Stop): z.infer<typeof StopBody> {
  return {
    ...stop,
    at: new Date(stop.at).toISOString(),
    expiresAt: stop.expiresAt === null ? null : new Date(stop.expiresAt).toISOString(),
  };
}

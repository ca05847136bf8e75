import { z } from '@hono/zod-openapi';
import type { McpPins } from '../../engine/gateway/mcp/mcp-pins.ts';
import type { McpPin } from '../../engine/gateway/mcp/pin-rows.ts';
import { type Api, json, route } from '../../registry/api/define.ts';
import { Done } from '../../registry/api/schemas.ts';

const PinBody = z
  .object({
    server: z.string(),
    tool: z.string(),
    digest: z.string().nullable().describe('sha256 of the accepted description; null: none is accepted'),
    description: z.string().nullable().describe('the accepted one, as JSON'),
    acceptedBy: z.string().nullable().describe('who, first-use where nobody was asked, cordon.yaml where it is listed there'),
    acceptedAt: z.string().nullable(),
    pending: z
      .object({ digest: z.string(), description: z.string().nullable(), why: z.string(), at: z.string() })
      .nullable()
      .describe('the description that waits for approval; the tool is neither shown nor called until then'),
  })
  .openapi('McpPin');

/** Descriptions of tools of MCP servers, and their approval. Who may do that is decided by the engine, not here. */
export function addMcpRoutes(api: Api, pins: McpPins): void {
  api.openapi(
    route({
      method: 'get',
      path: '/mcp/pins',
      summary: 'Descriptions of tools of MCP servers: accepted, and waiting for approval',
      request: {},
      answer: z.array(PinBody),
    }),
    async (c) => c.json((await pins.list(c.var.principal)).map(pinBody), 200),
  );
  api.openapi(
    route({
      method: 'post',
      path: '/mcp/pins',
      summary: 'Approve the description of a tool that waits, by its digest',
      request: {
        body: json(
          z.strictObject({
            server: z.string().min(1).max(64),
            tool: z.string().min(1).max(128),
            digest: z.string().regex(/^[0-9a-f]{64}$/, 'give the whole digest'),
          }),
        ),
      },
      answer: Done,
    }),
    async (c) => {
      await pins.approve(c.var.principal, c.req.valid('json'));
      return c.json({ done: true as const }, 200);
    },
  );
}

function pinBody({ acceptedAt, pending, ...pin }: McpPin): z.infer<typeof PinBody> {
  return {
    ...pin,
    acceptedAt: acceptedAt === null ? null : new Date(acceptedAt).toISOString(),
    pending: pending === null ? null : { ...pending, at: new Date(pending.at).toISOString() },
  };
}

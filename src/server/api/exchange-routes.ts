import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import type { Audit } from '../../engine/gateway/audit/audit.ts';
import { principalId } from '../../engine/gateway/audit/usage-names.ts';
import { GUARD_EFFECTS } from '../../engine/guard/decision.ts';
import { type Api, route } from '../../registry/api/define.ts';
import type { Store } from '../../store/open-store.ts';

const OUTCOMES = ['served', 'refused', 'limited', 'blocked', 'failed', 'aborted'] as const;
const Name = z.string().min(1).max(512);

const GuardDecisionBody = z.object({
  effect: z.enum(GUARD_EFFECTS),
  score: z.number(),
  rules: z.array(z.string()),
  detectors: z.array(z.string()),
});

const ExchangeBody = z
  .object({
    id: z.string(),
    at: z.string(),
    who: z.object({
      principal: z.string().describe('id; empty when there was no valid credential'),
      name: z.string(),
      key: z.string().nullable(),
      teams: z.array(z.string()),
      ip: z.string(),
    }),
    route: z.string(),
    protocol: z.enum(['openai', 'anthropic', 'mcp']),
    model: z.string(),
    upstream: z.string().nullable(),
    upstreamModel: z.string().nullable(),
    stream: z.boolean(),
    status: z.int(),
    outcome: z.enum(OUTCOMES),
    reason: z.string().nullable(),
    policy: z.string().nullable().describe("digest of the guard's policy"),
    request: GuardDecisionBody.nullable(),
    response: GuardDecisionBody.nullable(),
    usage: z.object({ inputTokens: z.int(), outputTokens: z.int(), cachedTokens: z.int(), measured: z.boolean() }).nullable(),
    costMicros: z.int().describe('millionths of a US dollar'),
    latency: z.object({ total: z.number(), firstByte: z.number().nullable(), upstream: z.number().nullable() }).describe('milliseconds'),
    requestSha256: z.string().nullable(),
    responseSha256: z.string().nullable(),
    session: z.string().nullable(),
    attempts: z.int(),
    content: z.object({ key: z.string(), sha256: z.string(), cut: z.boolean() }).nullable().describe('where what was said is kept'),
  })
  .openapi('Exchange');

/** Records of the gateway, for who may audit. */
export function addExchangeRoutes(api: Api, audit: Audit, store: Pick<Store, 'db'>): void {
  api.openapi(
    route({
      method: 'get',
      path: '/exchanges',
      summary: 'Records of the gateway, newest first; needs the action audit',
      request: {
        query: z.object({
          from: z.iso.datetime().optional(),
          to: z.iso.datetime().optional(),
          principal: Name.optional().describe('id or name'),
          outcome: z.enum(OUTCOMES).optional(),
          session: Name.optional(),
          before: z.string().min(1).max(64).optional().describe('id of the last record of the page before'),
          limit: z.coerce.number().int().min(1).max(500).default(100),
        }),
      },
      answer: z.array(ExchangeBody),
    }),
    async (c) => {
      const { principal: reader } = c.var;
      if (!reader.can('audit', '*')) throw new CordonError('access.denied', `${reader.name} may not read the records of the gateway`);
      const { from, to, principal, ...filters } = c.req.valid('query');
      const records = await audit.exchanges({
        ...(defined(filters) as { readonly limit: number }),
        ...(from !== undefined && { from: Date.parse(from) }),
        ...(to !== undefined && { to: Date.parse(to) }),
        ...(principal !== undefined && { principal: await principalId(store, principal) }),
      });
      return c.json(
        records.map((record) => ({ ...record, at: new Date(record.at).toISOString() }) as z.infer<typeof ExchangeBody>),
        200,
      );
    },
  );
  api.openapi(
    route({
      method: 'get',
      path: '/exchanges/{id}/content',
      summary: 'What was said in an exchange, as the guard redacted it; needs the action audit, and is written to the ledger',
      request: { params: z.object({ id: z.string().min(1).max(64) }) },
      answer: z.object({ request: z.string(), response: z.string() }),
    }),
    async (c) => {
      // Why: it was asked for once, and stays with who asked.
      c.header('Cache-Control', 'no-store');
      const content = await audit.readContent(c.var.principal, c.req.valid('param').id).catch((error: unknown) => {
        // Why: that its time is over is no fault of the server.
        if (error instanceof CordonError && error.code === 'storage.missing') throw new CordonError('file.missing', error.message);
        throw error;
      });
      return c.json({ ...content }, 200);
    },
  );
}

function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

import { z } from '@hono/zod-openapi';
import type { Audit } from '../../engine/gateway/audit/audit.ts';
import { narrowUsage } from '../../engine/gateway/audit/may-see-usage.ts';
import { USAGE_GROUPS, type UsageGroup, type UsageRow } from '../../engine/gateway/audit/usage-query.ts';
import { principalId, usageNames, type UsageNames } from '../../engine/gateway/audit/usage-names.ts';
import { type Api, route } from '../../registry/api/define.ts';
import type { Store } from '../../store/open-store.ts';

const DAY_MS = 86_400_000;
const Name = z.string().min(1).max(512);
const Count = z.int().min(0);

const UsageBody = z
  .object({
    hour: z.string().optional(),
    day: z.string().optional(),
    principal: z.string().optional().describe('id'),
    principalName: z.string().optional(),
    key: z.string().optional().describe('id; empty for calls without a key of their own'),
    keyName: z.string().optional(),
    team: z.string().optional(),
    model: z.string().optional(),
    upstream: z.string().optional(),
    route: z.string().optional().describe('empty for what was used before routes were counted'),
    requests: Count,
    served: Count,
    refused: Count.describe('bad requests: no valid key or permission, nothing there, not understood, too large; also by the provider'),
    limited: Count,
    blocked: Count.describe('by the guard, the tool policy or a block'),
    failed: Count.describe('the provider or the gateway failed'),
    aborted: Count.describe('the client left'),
    inputTokens: Count,
    outputTokens: Count,
    cachedTokens: Count,
    costMicros: Count.describe('millionths of a US dollar'),
  })
  .openapi('Usage');

/** What of the gateway was used: one's own, or everybody's for who may audit. */
export function addUsageRoutes(api: Api, audit: Audit, store: Pick<Store, 'db'>): void {
  api.openapi(
    route({
      method: 'get',
      path: '/usage',
      summary:
        'Requests, tokens and cost by hour, day, principal, key, team, model, upstream or route: your own, or all with the action audit',
      request: {
        query: z.object({
          from: z.iso.datetime().optional().describe('default: a day before the end; the hour it falls into is included'),
          to: z.iso.datetime().optional().describe('default: now'),
          by: z
            .string()
            .regex(new RegExp(`^(?:(?:${USAGE_GROUPS.join('|')})(?:,(?!$)|$))*$`))
            .default('')
            .describe(`groups with commas between: ${USAGE_GROUPS.join(', ')}; none: one sum`),
          principal: Name.optional().describe('id or name'),
          key: Name.optional().describe('id'),
          team: Name.optional(),
          model: Name.optional(),
          upstream: Name.optional(),
          route: Name.optional().describe('such as /v1/chat/completions'),
        }),
      },
      answer: z.array(UsageBody),
    }),
    async (c) => {
      const { from, to, by, principal, ...filters } = c.req.valid('query');
      const until = to === undefined ? Date.now() : Date.parse(to);
      const rows = await audit.usage(
        narrowUsage(c.var.principal, {
          ...(filters as Record<string, string>),
          from: from === undefined ? until - DAY_MS : Date.parse(from),
          to: until,
          by: by === '' ? [] : (by.split(',') as UsageGroup[]),
          ...(principal !== undefined && { principal: await principalId(store, principal) }),
        }),
      );
      const names = await usageNames(store, rows);
      return c.json(
        rows.map((row) => usageBody(row, names)),
        200,
      );
    },
  );
}

function usageBody({ hour, day, ...row }: UsageRow, { principals, keys }: UsageNames): z.infer<typeof UsageBody> {
  const principalName = principals.get(row.principal ?? '');
  const keyName = keys.get(row.key ?? '');
  return {
    ...(hour !== undefined && { hour: new Date(hour).toISOString() }),
    ...(day !== undefined && { day: new Date(day).toISOString().slice(0, 10) }),
    ...row,
    ...(principalName !== undefined && { principalName }),
    ...(keyName !== undefined && { keyName }),
  };
}

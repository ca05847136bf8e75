import { z } from '@hono/zod-openapi';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { listWaivers, type RegistryWaiver } from '../../engine/registry/waivers/list-waivers.ts';
import { approveWaiver, requestWaiver, revokeWaiver } from '../../engine/registry/waivers/waive.ts';
import { type Api, json, route } from './define.ts';
import { Done, RepositoryPath } from './schemas.ts';

const Text = z.string().min(1).max(1_000);
const NewWaiver = z.strictObject({
  rule: z.string().min(1).max(200).describe('rule id, or a prefix ending in ".*"'),
  path: Text.optional().describe('glob over paths'),
  fingerprint: Text.optional().describe('exactly this finding'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('only while the file has this digest'),
  reason: z.string().min(1).max(4_096),
  ticket: Text.optional(),
  expiresAt: z.iso.datetime(),
});
const WaiverBody = z
  .object({
    id: z.string(),
    rule: z.string(),
    path: z.string().optional(),
    fingerprint: z.string().optional(),
    sha256: z.string().optional(),
    reason: z.string(),
    ticket: z.string().optional(),
    owner: z.string(),
    state: z.enum(['requested', 'in force', 'expired', 'revoked']),
    approved: z.boolean(),
    createdAt: z.string(),
    expiresAt: z.string(),
  })
  .openapi('Waiver');

const BASE = '/repositories/{kind}/{namespace}/{name}/waivers';
const WaiverPath = RepositoryPath.extend({ waiver: z.string().min(1).max(64) });

/** Exceptions: asked for by one person, approved by another, ended by time. */
export function addWaiverRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'get',
      path: BASE,
      summary: 'Waivers of a repository, newest first',
      request: { params: RepositoryPath },
      answer: z.array(WaiverBody),
    }),
    async (c) => {
      const repository = await openRepository(context, c.var.principal, c.req.valid('param'));
      return c.json((await listWaivers(context, repository)).map(waiverBody), 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: BASE,
      summary: 'Ask for a waiver; it covers nothing before somebody else approves it',
      request: { params: RepositoryPath, body: json(NewWaiver) },
      answer: z.object({ waiver: z.string() }),
    }),
    async (c) => {
      const { rule, path, fingerprint, sha256, reason, ticket, expiresAt } = c.req.valid('json');
      const repository = await openRepository(context, c.var.principal, c.req.valid('param'), 'write');
      const waiver = await requestWaiver(context, c.var.principal, repository, {
        rule,
        reason,
        expiresAt: Date.parse(expiresAt),
        ...(path !== undefined && { path }),
        ...(fingerprint !== undefined && { fingerprint }),
        ...(sha256 !== undefined && { sha256 }),
        ...(ticket !== undefined && { ticket }),
      });
      return c.json({ waiver }, 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: `${BASE}/{waiver}/approve`,
      summary: 'Approve a waiver of somebody else: what it covers is decided again at once',
      request: { params: WaiverPath, body: json(z.strictObject({})) },
      answer: Done,
    }),
    async (c) => {
      const { waiver, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'waive');
      await approveWaiver(context, c.var.principal, repository, waiver);
      return c.json({ done: true as const }, 200);
    },
  );
  api.openapi(
    route({
      method: 'delete',
      path: `${BASE}/{waiver}`,
      summary: 'End a waiver: what rested on it is decided again at once',
      request: { params: WaiverPath },
      answer: Done,
    }),
    async (c) => {
      const { waiver, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path);
      await revokeWaiver(context, c.var.principal, repository, waiver);
      return c.json({ done: true as const }, 200);
    },
  );
}

function waiverBody({ createdAt, expiresAt, requestedBy: _by, approvedBy, ...waiver }: RegistryWaiver): z.infer<typeof WaiverBody> {
  return {
    ...waiver,
    approved: approvedBy !== null,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

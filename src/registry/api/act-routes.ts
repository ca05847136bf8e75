import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import { approve, revokeApproval } from '../../engine/registry/approve.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { promote } from '../../engine/registry/promote.ts';
import { liftContentRecall, listContentRecalls, recallContent } from '../../engine/registry/recall-content.ts';
import { liftRecall, pullersOf, recall } from '../../engine/registry/recall.ts';
import { rescanProgress } from '../../engine/registry/rescan/progress.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { retro } from '../../engine/registry/retro.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { openVersion } from '../../engine/registry/versions.ts';
import { type Api, json, route } from './define.ts';
import { ContentRecallBody, Done, PromotionBody, RecallBody, RepositoryPath, RescanBody, RetroBody, VersionPath } from './schemas.ts';

const RevisionPath = RepositoryPath.extend({ revision: z.string().min(1).max(255) });
const ContentPath = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const REVISION = '/repositories/{kind}/{namespace}/{name}/revisions/{revision}';
const VERSION = '/repositories/{kind}/{namespace}/{name}/versions/{version}';

/** What people do with versions: promote, approve, recall, decide again. */
export function addActRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'post',
      path: `${VERSION}/promote`,
      summary: 'Promote a version to a stage, or say why not',
      request: {
        params: VersionPath,
        body: json(
          z.strictObject({ stage: z.string().min(1).max(64), dryRun: z.boolean().default(false), replaces: z.boolean().default(true) }),
        ),
      },
      answer: PromotionBody,
    }),
    async (c) => {
      const { version, ...path } = c.req.valid('param');
      const { stage, dryRun, replaces } = c.req.valid('json');
      const repository = await openRepository(context, c.var.principal, path, 'promote');
      const target = await openVersion(context, repository, version);
      return c.json(mutable(await promote(context, c.var.principal, repository, target, stage, { dryRun, replaces })), 200);
    },
  );

  api.openapi(
    route({
      method: 'post',
      path: `${VERSION}/approvals`,
      summary: 'Approve a version for a stage',
      request: {
        params: VersionPath,
        body: json(
          z.strictObject({
            stage: z.string().min(1).max(64),
            comment: z.string().max(4_096).default(''),
            expiresAt: z.iso.datetime().optional(),
          }),
        ),
      },
      answer: z.object({ approval: z.string() }),
    }),
    async (c) => {
      const { version, ...path } = c.req.valid('param');
      const { stage, comment, expiresAt } = c.req.valid('json');
      const repository = await openRepository(context, c.var.principal, path, 'approve');
      const target = await openVersion(context, repository, version);
      const approval = await approve(context, c.var.principal, repository, target, {
        stage,
        comment,
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      });
      return c.json({ approval }, 200);
    },
  );

  api.openapi(
    route({
      method: 'delete',
      path: '/repositories/{kind}/{namespace}/{name}/approvals/{approval}',
      summary: 'Take back an approval of yours',
      request: { params: RepositoryPath.extend({ approval: z.string().min(1).max(64) }) },
      answer: Done,
    }),
    async (c) => {
      const { approval, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'approve');
      await revokeApproval(context, c.var.principal, repository, approval);
      return c.json({ done: true as const }, 200);
    },
  );

  api.openapi(
    route({
      method: 'post',
      path: `${REVISION}/recall`,
      summary: 'Block a revision everywhere at once, and tell who pulled it',
      request: { params: RevisionPath, body: json(z.strictObject({ reason: z.string().min(1).max(4_096) })) },
      answer: RecallBody,
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'recall');
      const { manifest } = await resolveRevision(context, repository, name);
      return c.json(mutable(await recall(context, c.var.principal, repository, manifest, c.req.valid('json').reason)), 200);
    },
  );

  api.openapi(
    route({
      method: 'delete',
      path: `${REVISION}/recall`,
      summary: 'End a recall: the revision is decided again',
      request: { params: RevisionPath },
      answer: Done,
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'recall');
      const { manifest } = await resolveRevision(context, repository, name);
      await liftRecall(context, c.var.principal, repository, manifest);
      return c.json({ done: true as const }, 200);
    },
  );

  api.openapi(
    route({
      method: 'post',
      path: '/contents/{sha256}/recall',
      summary: 'Block every revision that holds a content, wherever the credential may recall, and tell who pulled one',
      request: { params: ContentPath, body: json(z.strictObject({ reason: z.string().min(1).max(4_096) })) },
      answer: ContentRecallBody,
    }),
    async (c) => {
      const { sha256 } = c.req.valid('param');
      return c.json(mutable(await recallContent(context, c.var.principal, sha256, c.req.valid('json').reason)), 200);
    },
  );

  api.openapi(
    route({
      method: 'delete',
      path: '/contents/{sha256}/recall',
      summary: 'End recalls of a content where the credential is an administrator',
      request: { params: ContentPath },
      answer: z.object({ scopes: z.array(z.string()) }),
    }),
    async (c) => {
      const scopes = await liftContentRecall(context, c.var.principal, c.req.valid('param').sha256);
      return c.json({ scopes: [...scopes] }, 200);
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/contents/recalls',
      summary: 'Recalls of contents that the credential may know of',
      request: {},
      answer: z.array(z.object({ sha256: z.string(), scope: z.string(), reason: z.string(), by: z.string(), at: z.number() })),
    }),
    async (c) => c.json(mutable(await listContentRecalls(context, c.var.principal)), 200),
  );

  api.openapi(
    route({
      method: 'get',
      path: `${REVISION}/pulls`,
      summary: 'Who fetched files of a revision',
      request: { params: RevisionPath },
      answer: RecallBody.shape.pulledBy,
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'audit');
      const { manifest } = await resolveRevision(context, repository, name);
      await context.pulls.flush();
      return c.json(mutable(await pullersOf(context, c.var.principal, manifest)), 200);
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/retro',
      summary: 'What was decided by older scanners, and where reading it again stands',
      request: {},
      answer: RescanBody,
    }),
    async (c) => {
      if (!c.var.principal.can('admin', '*')) throw new CordonError('access.denied', `${c.var.principal.name} does not manage this server`);
      return c.json(mutable(await rescanProgress(context)), 200);
    },
  );

  api.openapi(
    route({
      method: 'post',
      path: '/retro',
      summary: 'Decide again about everything stored, from what scanners said then',
      request: { body: json(z.strictObject({ dryRun: z.boolean().default(false), rescan: z.boolean().default(false) })) },
      answer: RetroBody,
    }),
    async (c) => {
      if (!c.var.principal.can('admin', '*')) throw new CordonError('access.denied', `${c.var.principal.name} does not manage this server`);
      return c.json(mutable(await retro(context, c.req.valid('json'))), 200);
    },
  );
}

/** The same value for a serialiser that knows no readonly. */
function mutable<Value>(value: Value): Mutable<Value> {
  return value as Mutable<Value>;
}

type Mutable<Value> = Value extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;

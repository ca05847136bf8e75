import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { usableBlobs } from '../../engine/registry/blob-rights.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findFiles } from '../../engine/registry/list-files.ts';
import { checkFilePath, parseRepositoryName, type RepositoryKind } from '../../engine/registry/names.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { upload } from '../../engine/registry/upload.ts';
import type { Access } from '../http/access.ts';
import { bodyOf, jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { openXetSession } from '../http/xet-session.ts';
import { isLfs, objectId } from './entries.ts';
import { parsed } from './parsed.ts';
import { namedIn, pageOf } from './routes.ts';

const UPLOAD_SECONDS = 6 * 60 * 60;
const LFS = 'application/vnd.git-lfs+json';
const Preupload = z.object({
  files: z.array(z.object({ path: z.string().min(1), size: z.int().min(0), sample: z.string().nullish() })).max(10_000),
});
const Card = z.object({ content: z.string(), repoType: z.string().nullish() });
const Batch = z.object({
  operation: z.string(),
  transfers: z.array(z.string()).nullish(),
  objects: z.array(z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })).max(10_000),
});

/** How clients learn what to send, and where the large files go. */
export function addUploadRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access): void {
  app.post('/api/:kind{(?:models|datasets|spaces)}/:ns/:name/preupload/:rev{.+}', (c) => preupload(c, context));
  app.get('/api/:kind{(?:models|datasets|spaces)}/:ns/:name/xet-write-token/:rev{.+}', async (c) => {
    const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
    const session = openXetSession(c, context, access, repository);
    c.header('X-Xet-Cas-Url', session.casUrl);
    c.header('X-Xet-Access-Token', session.accessToken);
    c.header('X-Xet-Token-Expiration', String(session.exp));
    return c.json(session);
  });
  for (const [prefix, kind] of [
    ['/datasets', 'dataset'],
    ['/spaces', 'space'],
    ['', 'model'],
  ] as const) {
    app.post(`${prefix}/:ns/:repo{.+\\.git}/info/lfs/objects/batch`, (c) => lfsBatch(c, context, access, kind));
  }
  app.post('/api/validate-yaml', async (c) => {
    parsed(Card, await jsonBody(c));
    return c.json({ errors: [], warnings: [] });
  });
}

/** Uploads and their confirmation by ticket: clients send them without their token. */
export function addTicketedUploadRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access): void {
  app.put('/lfs/:ticket', async (c) => {
    const redeemed = await access.redeem(c.req.param('ticket'), 'lfs');
    if (redeemed === undefined) throw new CordonError('access.denied', 'the address of this upload has expired; start it again');
    const { principal, claims } = redeemed;
    const repository = await openRepository(
      context,
      principal,
      parseRepositoryName(claims.kind as RepositoryKind, String(claims.repository)),
      'write',
    );
    const { oid: sha256, size } = claims as { oid: string; size: number };
    await upload(context, principal, repository, bodyOf(c), { sha256, size });
    return c.body(null, 200);
  });
}

async function preupload(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
  const { files } = parsed(Preupload, await jsonBody(c));
  const revision = await resolveRevision(context, repository, c.req.param('rev') ?? '').catch(() => undefined);
  const known =
    revision === undefined
      ? []
      : await findFiles(
          context,
          revision.manifest,
          files.map(({ path }) => path),
        );
  const byPath = new Map(known.map((entry) => [entry.path, entry]));
  return c.json({
    files: files.map(({ path, size }) => {
      checkFilePath(path);
      const entry = byPath.get(path);
      const uploadMode = isLfs(path, size) ? 'lfs' : 'regular';
      return { path, uploadMode, shouldIgnore: false, ...(entry !== undefined && { oid: objectId(entry) }) };
    }),
  });
}

async function lfsBatch(c: RegistryRequest, context: RegistryContext, access: Access, kind: RepositoryKind): Promise<Response> {
  const { ns = '', repo = '' } = c.req.param() as Record<string, string>;
  const name = parseRepositoryName(kind, `${ns}/${repo.replace(/\.git$/, '')}`);
  const repository = await openRepository(context, c.var.principal, name, 'write');
  const batch = parsed(Batch, await jsonBody(c));
  if (batch.operation !== 'upload') throw new CordonError('request.invalid', 'only uploads go through here; download by resolve');
  const digests = batch.objects.map(({ oid }) => oid);
  const usable = await usableBlobs(context.store.db, c.var.principal, repository, digests, context.now());
  const { maxFileBytes } = context.config.registry;
  const objects = batch.objects.map(({ oid, size }) => {
    if (usable.get(oid) === size) return { oid, size };
    if (size > maxFileBytes) return { oid, size, error: { code: 422, message: `larger than the ${maxFileBytes} bytes allowed` } };
    const claims = { kind, repository: `${name.namespace}/${name.name}`, oid, size };
    const href = new URL(`/hf/lfs/${access.ticket(c.var.principal, 'lfs', claims, UPLOAD_SECONDS)}`, c.req.url).href;
    return { oid, size, authenticated: true, actions: { upload: { href, expires_in: UPLOAD_SECONDS } } };
  });
  return new Response(JSON.stringify({ transfer: 'basic', objects, hash_algo: 'sha256' }), { headers: { 'Content-Type': LFS } });
}

/** Shown in the answer to a commit; a page address. */
export function commitUrl(c: RegistryRequest, name: Parameters<typeof pageOf>[0], id: string): string {
  return new URL(`/hf/${pageOf(name)}/commit/${id}`, c.req.url).href;
}

/** SHA-1 of a git blob. */
export function gitBlobSha1(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

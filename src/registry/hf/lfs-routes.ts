import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { usableBlobs } from '../../engine/registry/blob-rights.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { parseRepositoryName, repositoryId, type RepositoryKind } from '../../engine/registry/names.ts';
import { requireRoom } from '../../engine/registry/quotas.ts';
import { findRepository, openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { upload } from '../../engine/registry/upload.ts';
import { joinParts, type PartedUpload, takePart } from '../../engine/registry/upload-parts.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Access } from '../http/access.ts';
import { bodyOf, jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';
import { openXetSession } from '../http/xet-session.ts';
import { parsed } from './parsed.ts';
import { pluralOf } from './routes.ts';

const UPLOAD_SECONDS = 6 * 60 * 60;
const LFS = 'application/vnd.git-lfs+json';
/** Files from this size come in parts, where the client can: a broken connection costs one part. */
const PARTED_FROM = 1024 ** 3;
const PARTS_AT_MOST = 10_000;
const PART_BYTES = 256 * 1024 ** 2;
const PREFIXES = [
  ['/datasets', 'dataset'],
  ['/spaces', 'space'],
  ['', 'model'],
] as const satisfies readonly (readonly [string, RepositoryKind])[];

const Batch = z.object({
  operation: z.string(),
  transfers: z.array(z.string()).nullish(),
  objects: z.array(z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })).max(10_000),
});
const Claims = z.object({ repository: z.string(), oid: z.string(), size: z.number() });

/** The batch call of git-lfs: where large files go. */
export function addLfsRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access): void {
  for (const [prefix, kind] of PREFIXES) {
    app.post(`${prefix}/:ns/:repo{.+\\.git}/info/lfs/objects/batch`, (c) => batch(c, context, access, kind));
  }
}

/** Uploads and their confirmation by ticket: clients send them without their token. */
export function addTicketedLfsRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access): void {
  app.put('/lfs/:ticket', async (c) => {
    const { principal, repository, oid, size } = await redeemed(c, context, access);
    await upload(context, principal, repository, bodyOf(c), { sha256: oid, size });
    return c.body(null, 200);
  });

  app.put('/lfs/:ticket/parts/:number{[1-9][0-9]{0,4}}', async (c) => {
    const { principal, repository, oid, size } = await redeemed(c, context, access);
    const number = Number(c.req.param('number'));
    await takePart(context, principal, repository, parted(oid, size), number, bodyOf(c));
    c.header('ETag', `"${oid.slice(0, 32)}-${number}"`);
    return c.body(null, 200);
  });

  app.post('/lfs/:ticket/complete', async (c) => {
    const { principal, repository, oid, size } = await redeemed(c, context, access);
    await joinParts(context, principal, repository, parted(oid, size));
    return c.json({ success: true });
  });

  app.post('/lfs/:ticket/verify', async (c) => {
    const { principal, repository, oid, size } = await redeemed(c, context, access);
    const usable = await usableBlobs(context.store.db, principal, repository, [oid], context.now());
    if (usable.get(oid) !== size) throw new CordonError('file.missing', 'the file did not arrive');
    return c.json({});
  });
}

async function redeemed(
  c: RegistryRequest,
  context: RegistryContext,
  access: Access,
): Promise<{ readonly principal: Principal; readonly repository: Repository; readonly oid: string; readonly size: number }> {
  const ticket = await access.redeem(c.req.param('ticket') ?? '', 'lfs');
  if (ticket === undefined) throw new CordonError('access.denied', 'the address of this upload has expired; start it again');
  const { repository, oid, size } = Claims.parse(ticket.claims);
  return { principal: ticket.principal, repository: await findRepository(context, ticket.principal, repository), oid, size };
}

function parted(sha256: string, size: number): PartedUpload {
  return { sha256, size, partBytes: Math.max(PART_BYTES, Math.ceil(size / PARTS_AT_MOST)) };
}

async function batch(c: RegistryRequest, context: RegistryContext, access: Access, kind: RepositoryKind): Promise<Response> {
  const { ns = '', repo = '' } = c.req.param() as Record<string, string>;
  const repository = await openRepository(
    context,
    c.var.principal,
    parseRepositoryName(kind, `${ns}/${repo.replace(/\.git$/, '')}`),
    'write',
  );
  const { operation, objects, transfers } = parsed(Batch, await jsonBody(c));
  if (operation !== 'upload') throw new CordonError('request.invalid', 'only uploads go through here; download by resolve');
  const digests = objects.map(({ oid }) => oid);
  const usable = await usableBlobs(context.store.db, c.var.principal, repository, digests, context.now());
  const { maxFileBytes } = context.config.registry;
  const byXet = transfers?.includes('xet') === true && isMostlyNew(objects, usable);
  const session = byXet ? xetAction(c, context, access, repository) : undefined;
  const isParted = !byXet && transfers?.includes('multipart') === true && objects.some(({ size }) => size >= PARTED_FROM);
  const coming = objects.reduce((sum, { oid, size }) => sum + (usable.get(oid) === size ? 0 : size), 0);
  if (coming > 0) await requireRoom(context, repository.namespace, coming);
  const answers = objects.map(({ oid, size }) => {
    if (usable.get(oid) === size) return { oid, size };
    if (size > maxFileBytes) return { oid, size, error: { code: 422, message: `larger than the ${maxFileBytes} bytes allowed` } };
    if (session !== undefined) return { oid, size, authenticated: true, actions: { upload: session } };
    const ticket = access.ticket(c.var.principal, 'lfs', { repository: repository.id, oid, size }, UPLOAD_SECONDS);
    const href = `${publicUrl(c, context)}/hf/lfs/${ticket}`;
    const verify = { href: `${href}/verify`, expires_in: UPLOAD_SECONDS };
    const whole = { href, expires_in: UPLOAD_SECONDS };
    const action = isParted && size >= PARTED_FROM ? partedAction(href, parted(oid, size)) : whole;
    return { oid, size, authenticated: true, actions: { upload: action, verify } };
  });
  const body = { transfer: byXet ? 'xet' : isParted ? 'multipart' : 'basic', objects: answers, hash_algo: 'sha256' };
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': LFS } });
}

/** Why: some clients send by Xet also what is there already. */
function isMostlyNew(objects: readonly { readonly oid: string; readonly size: number }[], usable: ReadonlyMap<string, number>): boolean {
  const bytes = (known: boolean): number =>
    objects.filter(({ oid, size }) => (usable.get(oid) === size) === known).reduce((sum, { size }) => sum + size, 0);
  return bytes(false) > bytes(true);
}

function xetAction(c: RegistryRequest, context: RegistryContext, access: Access, repository: Repository): Record<string, unknown> {
  const { casUrl, accessToken, exp } = openXetSession(c, context, access, repository);
  const href = `${publicUrl(c, context)}/hf/api/${pluralOf(repository.kind)}/${repositoryId(repository)}/xet-write-token/main`;
  return { href, header: { 'X-Xet-Cas-Url': casUrl, 'X-Xet-Access-Token': accessToken, 'X-Xet-Token-Expiration': String(exp) } };
}

function partedAction(href: string, { size, partBytes }: PartedUpload): Record<string, unknown> {
  const header: Record<string, string> = { chunk_size: String(partBytes) };
  for (let number = 1; number <= Math.ceil(size / partBytes); number++) {
    header[String(number).padStart(5, '0')] = `${href}/parts/${number}`;
  }
  return { href: `${href}/complete`, expires_in: UPLOAD_SECONDS, header };
}

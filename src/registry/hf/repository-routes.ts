import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { listFiles } from '../../engine/registry/list-files.ts';
import { parseRepositoryName } from '../../engine/registry/names.ts';
import {
  createRepository,
  deleteRepository,
  listRepositories,
  moveRepository,
  openRepository,
  type Repository,
  setVisibility,
} from '../../engine/registry/repositories.ts';
import { resolveRevision, type Revision } from '../../engine/registry/revisions.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { hubFile } from './entries.ts';
import { hubError } from './errors.ts';
import { parsed } from './parsed.ts';
import { kindOfPath, kindOfType, namedIn, pageOf } from './routes.ts';

const Name = z.string().min(1).max(200);
const Named = z.object({ name: Name, organization: Name.nullish(), type: z.string().nullish() });
const Created = Named.extend({ private: z.boolean().nullish(), visibility: z.string().nullish() });
const Moved = z.object({ fromRepo: Name, toRepo: Name, type: z.string().nullish() });
const Settings = z.object({ private: z.boolean().nullish(), visibility: z.string().nullish() });

/** Who am I, and repositories: create, look up, list, move, delete. */
export function addRepositoryRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get('/api/whoami-v2', (c) => {
    const { name, kind, credential } = c.var.principal;
    const accessToken = { displayName: name, role: 'write' };
    return c.json({
      type: 'user',
      id: c.var.principal.id,
      name,
      fullname: name,
      isPro: false,
      orgs: [],
      kind,
      auth: { type: 'access_token', accessToken, credential: credential.kind },
    });
  });

  app.post('/api/repos/create', async (c) => {
    const body = parsed(Created, await jsonBody(c));
    const name = repositoryName(body, c.var.principal.name);
    const url = new URL(`/hf/${pageOf(name)}`, c.req.url).href;
    const id = `${name.namespace}/${name.name}`;
    try {
      const isPrivate = body.private === true || body.visibility === 'private';
      await createRepository(context, c.var.principal, name, { private: isPrivate });
    } catch (error) {
      if (!(error instanceof CordonError) || error.code !== 'registry.conflict') throw error;
      // Why the address all the same: clients that say "exists is fine" read it from here.
      return c.json({ error: error.message, url, name: id, id }, 409);
    }
    return c.json({ url, name: id, id });
  });

  app.delete('/api/repos/delete', async (c) => {
    await deleteRepository(context, c.var.principal, repositoryName(parsed(Named, await jsonBody(c)), c.var.principal.name));
    return c.json({ success: true });
  });

  app.post('/api/repos/move', async (c) => {
    const { fromRepo, toRepo, type } = parsed(Moved, await jsonBody(c));
    const kind = kindOfType(type);
    await moveRepository(context, c.var.principal, parseRepositoryName(kind, fromRepo), parseRepositoryName(kind, toRepo));
    return c.json({ success: true });
  });

  app.put('/api/:kind/:ns/:name/settings', async (c) => {
    const settings = parsed(Settings, await jsonBody(c));
    const wanted = settings.private ?? (typeof settings.visibility !== 'string' ? undefined : settings.visibility === 'private');
    if (typeof wanted === 'boolean') await setVisibility(context, c.var.principal, namedIn(c.req.param()), wanted);
    return c.json({ private: wanted ?? false });
  });

  app.get('/api/:kind{(?:models|datasets|spaces)}', async (c) => {
    const { search, author, limit, cursor } = c.req.query();
    const most = Math.min(Number(limit ?? 100) || 100, 1_000);
    const kind = kindOfPath(c.req.param('kind'));
    const found = await listRepositories(context, c.var.principal, {
      kind,
      limit: most,
      ...(author !== undefined && { namespace: author }),
      ...(search !== undefined && { search }),
      ...(cursor !== undefined && { after: cursor }),
    });
    const last = found.at(-1);
    if (found.length === most && last !== undefined) {
      const next = new URL(c.req.url);
      next.searchParams.set('cursor', `${last.namespace}/${last.name}`);
      c.header('Link', `<${next.href}>; rel="next"`);
    }
    return c.json(found.map((repository) => summaryOf(repository)));
  });

  app.get('/api/:kind{(?:models|datasets|spaces)}/:ns/:name', (c) => repositoryInfo(c, context, 'main'));
  app.get('/api/:kind{(?:models|datasets|spaces)}/:ns/:name/revision/:rev{.+}', (c) => repositoryInfo(c, context, c.req.param('rev')));
  app.get('/api/:kind{(?:models|datasets|spaces)}/:ns/:name/auth-check', async (c) => {
    await openRepository(context, c.var.principal, namedIn(c.req.param()));
    return c.json({});
  });
}

async function repositoryInfo(c: RegistryRequest, context: RegistryContext, rev: string): Promise<Response> {
  const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()));
  let revision: Revision | undefined;
  try {
    revision = await resolveRevision(context, repository, rev);
  } catch (error) {
    // Why: a repository without a first commit exists and has a page.
    if (rev !== 'main' || !(error instanceof CordonError)) return hubError(c, error);
  }
  const files = revision === undefined ? [] : await listFiles(context, revision.manifest);
  const hasBlobs = c.req.query('blobs') !== undefined;
  const siblings = files.map((entry) => {
    const { path, size, oid, lfs } = hubFile(entry);
    return hasBlobs
      ? { rfilename: path, size, blobId: oid, ...(lfs !== undefined && { lfs: { ...lfs, sha256: lfs.oid } }) }
      : { rfilename: path };
  });
  return c.json({
    ...summaryOf(repository),
    ...(revision !== undefined && { sha: revision.id, lastModified: new Date(revision.created_at).toISOString() }),
    siblings,
    usedStorage: files.reduce((sum, { size }) => sum + size, 0),
  });
}

function summaryOf(repository: Repository): Record<string, unknown> {
  const { namespace, name, kind } = repository;
  const id = `${namespace}/${name}`;
  return {
    _id: repository.id,
    id,
    ...(kind === 'model' && { modelId: id }),
    author: namespace,
    private: repository.private === 1,
    disabled: false,
    gated: false,
    downloads: 0,
    likes: 0,
    tags: [],
    createdAt: new Date(repository.created_at).toISOString(),
    lastModified: new Date(repository.updated_at).toISOString(),
  };
}

/** `name` may be `ns/name`, or a name alone in an organisation or in one's own namespace. */
function repositoryName(body: z.infer<typeof Named>, own: string) {
  const id = body.name.includes('/') ? body.name : `${body.organization ?? own}/${body.name}`;
  return parseRepositoryName(kindOfType(body.type), id);
}

import type { Hono } from 'hono';
import { errorCode } from '../../core/errors.ts';
import { type Admission, admissionOf } from '../../engine/registry/admit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { listFiles } from '../../engine/registry/list-files.ts';
import { listRepositories } from '../../engine/registry/list-repositories.ts';
import { locate, type Located } from '../../engine/registry/locate.ts';
import { readCard } from '../../engine/registry/model-card.ts';
import { noticesOf } from '../../engine/registry/notices.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { securityOf } from '../../engine/registry/security-status.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { tagsOf } from './card.ts';
import { hubFile } from './entries.ts';
import { headerText } from './errors.ts';
import { evidenceOf } from './evidence.ts';
import { linkNext } from './paging.ts';
import { BASE, kindOfPath, namedIn, revisionAndPath } from './routes.ts';
import { repositorySecurityStatus } from './security.ts';

const SORTS: ReadonlyMap<string, 'created_at' | 'updated_at'> = new Map([
  ['createdAt', 'created_at'],
  ['created_at', 'created_at'],
  ['lastModified', 'updated_at'],
  ['last_modified', 'updated_at'],
]);
/** Why: for each one its card is read. */
const FILTERED_AT_MOST = 1_000;

/** What is there, and what one repository is. */
export function addInfoRoutes(app: Hono<RegistryEnv>, context: RegistryContext, upstreams: Upstreams): void {
  app.get('/api/:kind{(?:models|datasets|spaces)}', (c) => list(c, context));
  app.get(BASE, (c) => repositoryInfo(c, context, upstreams, 'main'));
  app.get(`${BASE}/revision/:rev{.+}`, (c) => repositoryInfo(c, context, upstreams, revisionAndPath(c, 5).revision));
  app.get(`${BASE}/auth-check`, async (c) => {
    await openRepository(context, c.var.principal, namedIn(c.req.param()));
    return c.json({});
  });
}

async function list(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const { search, author, limit, cursor, sort } = c.req.query();
  const filters = [...(c.req.queries('filter') ?? []).flatMap((filter) => filter.split(',')), ...(c.req.queries('pipeline_tag') ?? [])];
  const isFiltered = filters.length > 0;
  const most = Math.max(1, Math.min(Math.trunc(Number(limit ?? 100)) || 100, 1_000));
  const by = SORTS.get(sort ?? '');
  const offset = by === undefined ? 0 : Math.max(0, Math.min(Math.trunc(Number(cursor ?? 0)) || 0, 1_000_000));
  const found = await listRepositories(context, c.var.principal, {
    kind: kindOfPath(c.req.param('kind')),
    limit: isFiltered ? FILTERED_AT_MOST : most,
    ...(author !== undefined && { namespace: author }),
    ...(search !== undefined && { search }),
    ...(by === undefined ? cursor !== undefined && { after: cursor } : { sort: by, offset }),
  });
  const last = found.at(-1);
  if (!isFiltered && found.length === most && last !== undefined) {
    linkNext(c, context, by === undefined ? `${last.namespace}/${last.name}` : String(offset + most));
  }
  if (!isFiltered) return c.json(found.map((repository) => summaryOf(repository)));
  const matching = [];
  for (const repository of found) {
    const tags = await tagsOfRepository(context, repository);
    if (filters.every((filter) => tags.includes(filter))) matching.push({ ...summaryOf(repository), tags });
    if (matching.length === most) break;
  }
  return c.json(matching);
}

async function tagsOfRepository(context: RegistryContext, repository: Repository): Promise<readonly string[]> {
  const revision = await resolveRevision(context, repository, 'main').catch(() => undefined);
  return revision === undefined ? [] : tagsOf(await readCard(context, repository, revision));
}

async function repositoryInfo(c: RegistryRequest, context: RegistryContext, upstreams: Upstreams, rev: string): Promise<Response> {
  const name = namedIn(c.req.param());
  let located: Located;
  try {
    located = await locate(context, upstreams, c.var.principal, name, rev);
  } catch (error) {
    if ((rev !== 'main' && rev !== 'HEAD') || errorCode(error) !== 'revision.missing') throw error;
    // Why: a repository without a first commit exists and has a page.
    return c.json({ ...summaryOf(await openRepository(context, c.var.principal, name)), siblings: [], usedStorage: 0 });
  }
  const { repository, revision } = located;
  const files = await listFiles(context, revision.manifest);
  const hasBlobs = c.req.query('blobs') !== undefined;
  const card = await readCard(context, repository, revision);
  const admission = await admissionOf(context, repository, revision.manifest);
  for (const notice of await noticesOf(context, admission)) {
    c.header('X-HF-Warning', headerText(`cordon ${revision.id.slice(0, 8)}; ${notice}`), { append: true });
  }
  const isAsked = c.req.query('securityStatus') !== undefined || (c.req.queries('expand') ?? []).includes('securityRepoStatus');
  return c.json({
    ...summaryOf(repository),
    sha: revision.id,
    lastModified: new Date(revision.created_at).toISOString(),
    tags: tagsOf(card),
    ...(card !== undefined && { cardData: card }),
    ...(typeof card?.pipeline_tag === 'string' && { pipeline_tag: card.pipeline_tag }),
    ...(typeof card?.library_name === 'string' && { library_name: card.library_name }),
    siblings: files.map((entry) => {
      const { path, size, oid, lfs } = hubFile(entry);
      if (!hasBlobs) return { rfilename: path };
      return { rfilename: path, size, blobId: oid, ...(lfs !== undefined && { lfs: { ...lfs, sha256: lfs.oid } }) };
    }),
    usedStorage: files.reduce((sum, { size }) => sum + size, 0),
    ...(isAsked && {
      securityRepoStatus: {
        ...repositorySecurityStatus((await securityOf(context, files)).values()),
        cordon: { ...admissionBody(admission), ...(await evidenceOf(context, repository, revision.manifest)) },
      },
    }),
    cordon: { admission: admission?.state ?? 'pending', manifest: revision.manifest },
  });
}

function admissionBody(admission: Admission | undefined): Record<string, unknown> {
  return { admission: admission?.state ?? 'pending', reason: admission?.reason ?? '' };
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

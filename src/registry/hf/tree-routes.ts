import type { Hono } from 'hono';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findFiles, listFiles } from '../../engine/registry/list-files.ts';
import { refName } from '../../engine/registry/names.ts';
import { createRef, deleteRef } from '../../engine/registry/refs.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { listHistory, listRefs, resolveRevision } from '../../engine/registry/revisions.ts';
import { jsonBody, smallBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { type HubFile, type HubFolder, hubFile } from './entries.ts';
import { namedIn } from './routes.ts';

const PAGE = 1_000;
const HISTORY_PAGE = 100;
const BASE = '/api/:kind{(?:models|datasets|spaces)}/:ns/:name';

/** What is in a revision, its history, branches and tags. */
export function addTreeRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get(`${BASE}/tree/:rest{.+}`, (c) => tree(c, context));
  app.post(`${BASE}/paths-info/:rev{.+}`, (c) => pathsInfo(c, context));

  app.get(`${BASE}/refs`, async (c) => {
    const refs = await listRefs(context, await openRepository(context, c.var.principal, namedIn(c.req.param())));
    const under = (prefix: string) =>
      refs
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name, revision }) => ({ name: name.slice(prefix.length), ref: name, targetCommit: revision }));
    return c.json({ branches: under('refs/heads/'), tags: under('refs/tags/'), converts: [], pullRequests: under('refs/pr/') });
  });

  app.get(`${BASE}/commits/:rev{.+}`, async (c) => {
    const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()));
    const start = await resolveRevision(context, repository, c.req.query('cursor') ?? c.req.param('rev'));
    const limit = Math.min(Number(c.req.query('limit') ?? HISTORY_PAGE) || HISTORY_PAGE, PAGE);
    const history = await listHistory(context, repository, start, limit + 1);
    const next = history[limit];
    if (next !== undefined) linkNext(c, next.id);
    return c.json(
      history.slice(0, limit).map(({ id, title, message, author, created_at }) => ({
        id,
        title,
        message,
        authors: [{ user: author }],
        date: new Date(created_at).toISOString(),
      })),
    );
  });

  for (const [segment, kind] of [
    ['branch', 'heads'],
    ['tag', 'tags'],
  ] as const) {
    app.post(`${BASE}/${segment}/:ref{.+}`, async (c) => {
      const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
      const body = (await jsonBody(c)) as { startingPoint?: unknown; tag?: unknown };
      const given = c.req.param('ref');
      // A tag is named in the body and made at the revision of the path; a branch the other way round.
      const [name, at] = kind === 'tags' ? [body.tag, given] : [given, body.startingPoint ?? 'main'];
      if (typeof name !== 'string' || typeof at !== 'string')
        throw new CordonError('request.invalid', `the name of the ${segment} is missing`);
      await createRef(context, c.var.principal, repository, refName(kind, name), await resolveRevision(context, repository, at));
      return c.json({ success: true });
    });
    app.delete(`${BASE}/${segment}/:ref{.+}`, async (c) => {
      const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
      await deleteRef(context, c.var.principal, repository, refName(kind, c.req.param('ref')));
      return c.json({ success: true });
    });
  }
}

async function tree(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()));
  const [rev = '', ...parts] = (c.req.param('rest') ?? '').split('/');
  const folder = parts
    .map(decodeURIComponent)
    .filter((part) => part !== '')
    .join('/');
  const revision = await resolveRevision(context, repository, decodeURIComponent(rev));
  const isRecursive = /^(?:true|1)$/i.test(c.req.query('recursive') ?? '');
  const all = listed((await listFiles(context, revision.manifest)).map(hubFile), folder, isRecursive);
  if (folder !== '' && all.length === 0)
    throw new CordonError('file.missing', `there is no folder ${JSON.stringify(folder.slice(0, 200))}`);
  const after = c.req.query('cursor') ?? '';
  const from = after === '' ? 0 : all.findIndex(({ path }) => path === after) + 1;
  const page = all.slice(from, from + PAGE);
  const last = page.at(-1);
  if (from + PAGE < all.length && last !== undefined) linkNext(c, last.path);
  c.header('X-Repo-Commit', revision.id);
  return c.json(page);
}

/** Files and folders below a folder. Folders are not stored: they are there because files are in them. */
function listed(files: readonly HubFile[], folder: string, isRecursive: boolean): readonly (HubFile | HubFolder)[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, HubFile | HubFolder>();
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const inside = file.path.slice(prefix.length).split('/');
    for (let depth = 1; depth < (isRecursive ? inside.length : Math.min(inside.length, 2)); depth++) {
      const path = prefix + inside.slice(0, depth).join('/');
      if (!found.has(path)) found.set(path, { type: 'directory', oid: '0'.repeat(40), size: 0, path });
    }
    if (isRecursive || inside.length === 1) found.set(file.path, file);
  }
  return [...found.values()];
}

async function pathsInfo(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()));
  const revision = await resolveRevision(context, repository, c.req.param('rev') ?? '');
  const paths = await wantedPaths(c);
  const files = await findFiles(context, revision.manifest, paths);
  const known = new Set(files.map(({ path }) => path));
  const rest = paths.filter((path) => !known.has(path));
  const all = rest.length === 0 ? [] : (await listFiles(context, revision.manifest)).map(({ path }) => path);
  const folders = rest.filter((path) => all.some((one) => one.startsWith(`${path}/`)));
  return c.json([...files.map(hubFile), ...folders.map((path): HubFolder => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path }))]);
}

/** Python sends a form, JavaScript sends JSON. */
async function wantedPaths(c: RegistryRequest): Promise<readonly string[]> {
  const body = (await smallBody(c, 16 * 1024 * 1024)).toString('utf8');
  if (c.req.header('content-type')?.includes('json') === true) {
    const { paths } = JSON.parse(body) as { paths?: unknown };
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  }
  return new URLSearchParams(body).getAll('paths');
}

function linkNext(c: RegistryRequest, cursor: string): void {
  const next = new URL(c.req.url);
  next.searchParams.set('cursor', cursor);
  c.header('Link', `<${next.href}>; rel="next"`);
}

import type { Hono } from 'hono';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findFiles, listFiles } from '../../engine/registry/list-files.ts';
import { locate } from '../../engine/registry/locate.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import { smallBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { type HubEntry, type HubFile, hubFile, hubFolder } from './entries.ts';
import { expanded } from './expand-entries.ts';
import { linkNext } from './paging.ts';
import { BASE, namedIn, revisionAndPath } from './routes.ts';

const PAGE = 1_000;
/** Why smaller: for each entry the history is looked through. */
const EXPANDED_PAGE = 100;
const PATHS_BYTES = 16 * 1024 * 1024;

/** What is in a revision. */
export function addTreeRoutes(app: Hono<RegistryEnv>, context: RegistryContext, upstreams: Upstreams): void {
  app.get(`${BASE}/tree/:rest{.+}`, (c) => tree(c, context, upstreams));
  app.post(`${BASE}/paths-info/:rev{.+}`, (c) => pathsInfo(c, context, upstreams));
}

async function tree(c: RegistryRequest, context: RegistryContext, upstreams: Upstreams): Promise<Response> {
  const wanted = revisionAndPath(c, 5);
  const { repository, revision } = await locate(context, upstreams, c.var.principal, namedIn(c.req.param()), wanted.revision);
  const folder = wanted.path.replace(/\/+$/, '');
  const files = (await listFiles(context, revision.manifest)).map(hubFile);
  const all = listed(files, folder, isTrue(c.req.query('recursive')));
  if (folder !== '' && all.length === 0) {
    throw new CordonError('file.missing', `there is no folder ${JSON.stringify(folder.slice(0, 200))}`);
  }
  const isExpanded = isTrue(c.req.query('expand'));
  const asked = Math.trunc(Number(c.req.query('limit') ?? PAGE)) || PAGE;
  const limit = Math.max(1, Math.min(asked, isExpanded ? EXPANDED_PAGE : PAGE));
  const after = c.req.query('cursor') ?? '';
  const from = after === '' ? 0 : all.findIndex(({ path }) => path === after) + 1;
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  if (from + limit < all.length && last !== undefined) linkNext(c, context, last.path);
  c.header('X-Repo-Commit', revision.id);
  return c.json(isExpanded ? await expanded(context, repository, revision, page, files) : page);
}

/** Files and folders below a folder. Folders are not stored: they are there because files are in them. */
function listed(files: readonly HubFile[], folder: string, isRecursive: boolean): readonly HubEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, HubEntry>();
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const inside = file.path.slice(prefix.length).split('/');
    for (let depth = 1; depth < (isRecursive ? inside.length : Math.min(inside.length, 2)); depth++) {
      const path = prefix + inside.slice(0, depth).join('/');
      if (!found.has(path)) found.set(path, hubFolder(path));
    }
    if (isRecursive || inside.length === 1) found.set(file.path, file);
  }
  return [...found.values()];
}

async function pathsInfo(c: RegistryRequest, context: RegistryContext, upstreams: Upstreams): Promise<Response> {
  const name = namedIn(c.req.param());
  const { repository, revision } = await locate(context, upstreams, c.var.principal, name, revisionAndPath(c, 5).revision);
  const { paths, expand } = await wantedPaths(c);
  const files = await findFiles(context, revision.manifest, paths);
  const known = new Set(files.map(({ path }) => path));
  const rest = paths.filter((path) => !known.has(path));
  const all = rest.length === 0 && !expand ? [] : (await listFiles(context, revision.manifest)).map(hubFile);
  const folders = rest.filter((path) => path !== '' && all.some((one) => one.path.startsWith(`${path}/`)));
  const entries = [...files.map(hubFile), ...folders.map(hubFolder)];
  return c.json(expand ? await expanded(context, repository, revision, entries, all) : entries);
}

/** Python sends a form, JavaScript sends JSON. */
async function wantedPaths(c: RegistryRequest): Promise<{ readonly paths: readonly string[]; readonly expand: boolean }> {
  const body = (await smallBody(c, PATHS_BYTES)).toString('utf8');
  if (c.req.header('content-type')?.includes('json') === true) {
    const { paths, expand } = parsedJson(body) as { paths?: unknown; expand?: unknown };
    const given = typeof paths === 'string' ? [paths] : Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
    return { paths: given, expand: expand === true };
  }
  const form = new URLSearchParams(body);
  return { paths: form.getAll('paths'), expand: isTrue(form.get('expand') ?? undefined) };
}

function parsedJson(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {};
  } catch (error) {
    throw new CordonError('request.invalid', 'the body is no JSON', { cause: error });
  }
}

function isTrue(text: string | undefined): boolean {
  return /^(?:true|1)$/i.test(text ?? '');
}

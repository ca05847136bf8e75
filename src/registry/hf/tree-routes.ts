import type { Hono } from 'hono';
import { CordonError, errorCode } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findFiles, listFiles } from '../../engine/registry/list-files.ts';
import { locate, type Located } from '../../engine/registry/locate.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import { smallBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { type HubEntry, type HubFile, hubFile, hubFolder } from './entries.ts';
import { expanded } from './expand-entries.ts';
import { linkNext } from './paging.ts';
import { BASE, namedIn, revisionAndPath } from './routes.ts';
import { withXetHashes } from './xet-links.ts';

const PAGE = 1_000;
/** Why smaller: for each entry the history is looked through. */
const EXPANDED_PAGE = 100;
const PATHS_BYTES = 16 * 1024 * 1024;
const PATHS_AT_MOST = 50_000;
/** Why fewer: for each path the history is looked through. */
const EXPANDED_PATHS = 1_000;

/** What is in a revision. */
export function addTreeRoutes(app: Hono<RegistryEnv>, context: RegistryContext, upstreams: Upstreams): void {
  app.get(`${BASE}/tree/:rest{.+}`, (c) => tree(c, context, upstreams));
  app.post(`${BASE}/paths-info/:rev{.+}`, (c) => pathsInfo(c, context, upstreams));
}

async function tree(c: RegistryRequest, context: RegistryContext, upstreams: Upstreams): Promise<Response> {
  const wanted = revisionAndPath(c, 5);
  const folder = wanted.path.replace(/\/+$/, '');
  const located = await locatedOrEmpty(c, context, upstreams, wanted.revision);
  if (located === undefined) {
    if (folder !== '') throw noFolder(folder);
    return c.json([]);
  }
  const { repository, revision } = located;
  const files = (await listFiles(context, revision.manifest)).map(hubFile);
  const isExpanded = isTrue(c.req.query('expand'));
  const asked = Math.trunc(Number(c.req.query('limit') ?? PAGE)) || PAGE;
  const limit = Math.max(1, Math.min(asked, isExpanded ? EXPANDED_PAGE : PAGE));
  const entries = listed(files, folder, isTrue(c.req.query('recursive')));
  const { page, hasMore, isEmpty } = pageAfter(entries, c.req.query('cursor') ?? '', limit);
  if (folder !== '' && isEmpty) throw noFolder(folder);
  const last = page.at(-1);
  if (hasMore && last !== undefined) linkNext(c, context, last.path);
  c.header('X-Repo-Commit', revision.id);
  const known = await withXetHashes(context, repository, page);
  return c.json(isExpanded ? await expanded(context, repository, revision, known, files) : known);
}

/**
 * Undefined: the main branch before its first commit, with nothing in it. Why: clients look there before they commit something
 * (a copy from another repository).
 */
async function locatedOrEmpty(
  c: RegistryRequest,
  context: RegistryContext,
  upstreams: Upstreams,
  revision: string,
): Promise<Located | undefined> {
  try {
    return await locate(context, upstreams, c.var.principal, namedIn(c.req.param()), revision);
  } catch (error) {
    if (errorCode(error) === 'revision.missing' && (revision === 'main' || revision === 'HEAD')) return undefined;
    throw error;
  }
}

function noFolder(path: string): CordonError {
  return new CordonError('file.missing', `there is no folder ${JSON.stringify(path.slice(0, 200))}`);
}

/** The entries after `cursor`; from the start when that is none of them. */
function pageAfter(
  entries: Iterable<HubEntry>,
  cursor: string,
  limit: number,
): { readonly page: readonly HubEntry[]; readonly hasMore: boolean; readonly isEmpty: boolean } {
  const first: HubEntry[] = [];
  const after: HubEntry[] = [];
  let isAfter = cursor === '';
  for (const entry of entries) {
    if (isAfter) after.push(entry);
    else if (first.length <= limit) first.push(entry);
    if (after.length > limit) break;
    if (entry.path === cursor) isAfter = true;
  }
  const found = isAfter ? after : first;
  return { page: found.slice(0, limit), hasMore: found.length > limit, isEmpty: first.length + after.length === 0 };
}

/**
 * Files and folders below a folder. Folders are not stored: they are there because files are in them. Why one by one: long
 * paths have many folders each, and a page shows few of them.
 */
function* listed(files: readonly HubFile[], folder: string, isRecursive: boolean): Generator<HubEntry> {
  const prefix = folder === '' ? '' : `${folder}/`;
  // Files come sorted by their bytes, so that all below a folder follow each other.
  let before = '';
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    let slash = file.path.indexOf('/', prefix.length);
    for (; slash !== -1; slash = isRecursive ? file.path.indexOf('/', slash + 1) : -1) {
      if (!before.startsWith(file.path.slice(0, slash + 1))) yield hubFolder(file.path.slice(0, slash));
      if (!isRecursive) break;
    }
    if (isRecursive || slash === -1) yield file;
    before = file.path;
  }
}

async function pathsInfo(c: RegistryRequest, context: RegistryContext, upstreams: Upstreams): Promise<Response> {
  const located = await locatedOrEmpty(c, context, upstreams, revisionAndPath(c, 5).revision);
  if (located === undefined) return c.json([]);
  const { repository, revision } = located;
  const { paths, expand } = await wantedPaths(c);
  const most = expand ? EXPANDED_PATHS : PATHS_AT_MOST;
  if (paths.length > most) throw new CordonError('request.invalid', `at most ${most} paths can be asked about at once`);
  const files = await findFiles(context, revision.manifest, paths);
  const known = new Set(files.map(({ path }) => path));
  const rest = paths.filter((path) => !known.has(path));
  const all = rest.length === 0 && !expand ? [] : (await listFiles(context, revision.manifest)).map(hubFile);
  const folders = foldersAmong(rest, all);
  const entries = await withXetHashes(context, repository, [...files.map(hubFile), ...folders.map(hubFolder)]);
  return c.json(expand ? await expanded(context, repository, revision, entries, all) : entries);
}

/** Those of the paths below which files are. */
function foldersAmong(paths: readonly string[], files: readonly HubFile[]): readonly string[] {
  const wanted = new Set(paths);
  const found = new Set<string>();
  for (const { path } of wanted.size === 0 ? [] : files) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      if (wanted.has(folder)) found.add(folder);
    }
  }
  return [...found];
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

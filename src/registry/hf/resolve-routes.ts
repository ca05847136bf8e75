import type { IncomingMessage } from 'node:http';
import type { Hono } from 'hono';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { locate, within } from '../../engine/registry/locate.ts';
import { parseRepositoryName, type RepositoryKind } from '../../engine/registry/names.ts';
import { isEvidencePath, openEvidence } from '../../engine/registry/evidence/evidence-files.ts';
import { openServable, type ServableFile } from '../../engine/registry/read-file.ts';
import type { Upstreams } from '../../engine/registry/upstream/upstreams.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { sendFile } from '../http/send-file.ts';
import { isLfs, objectId } from './entries.ts';
import { hubError } from './errors.ts';
import { notePull } from './note-pull.ts';
import { revisionAndPath } from './routes.ts';
import type { Served } from './served.ts';
import { asksForLinks, linksAnswer, xetHeaders, xetLinksOf } from './xet-links.ts';

/** Why: clients give up on HEAD after ten seconds and call it a network problem; they should hear that a scan is under way. */
const HEAD_WAIT_MS = 8_000;

/** Downloads: `HEAD` and `GET /ns/name/resolve/rev/path`, with a prefix for datasets and spaces. */
export function addResolveRoutes(app: Hono<RegistryEnv>, context: RegistryContext, upstreams: Upstreams, served: Served): void {
  const prefixes: readonly (readonly [string, RepositoryKind])[] = [
    ['/datasets', 'dataset'],
    ['/spaces', 'space'],
    ['', 'model'],
  ];
  for (const [prefix, kind] of prefixes) {
    app.get(`${prefix}/:ns/:name/:how{(?:resolve|raw)}/:rest{.+}`, (c) => download(c, context, upstreams, served, kind));
  }
}

async function download(
  c: RegistryRequest,
  context: RegistryContext,
  upstreams: Upstreams,
  served: Served,
  kind: RepositoryKind,
): Promise<Response> {
  // Why before anything is read: what changes while it is read makes another number.
  const version = await context.store.changes();
  const { principal } = c.var;
  const { ns = '', name = '' } = c.req.param() as Record<string, string>;
  const wanted = revisionAndPath(c, kind === 'model' ? 3 : 4);
  if (wanted.path === '') throw new CordonError('file.missing', 'a path is missing after the revision');
  const isHead = c.req.method === 'HEAD';
  const waitMs = isHead ? HEAD_WAIT_MS : undefined;
  const id = parseRepositoryName(kind, `${ns}/${name}`);
  const located = locate(context, upstreams, principal, id, wanted.revision, waitMs);
  const { repository, revision } = await located.catch((error: unknown) => {
    throw asEmpty(error, wanted.revision);
  });
  // Why on errors too: clients remember with it that the revision has no such file.
  const commit = { 'X-Repo-Commit': revision.id };
  try {
    const open = isEvidencePath(wanted.path) ? openEvidence : openServable;
    const opened = open(context, principal, repository, revision, wanted.path);
    const file = await (isHead ? within(HEAD_WAIT_MS, opened, 'this revision is still being scanned') : opened);
    if (c.req.method === 'GET') notePull(context, principal, repository, revision, c.req.header('user-agent'));
    const links = await xetLinksOf(c, context, repository, revision, file);
    const headers = { ...commit, ...fileHeaders(file), ...(links !== undefined && xetHeaders(links)) };
    if (links !== undefined && asksForLinks(c)) return linksAnswer(links, headers);
    served.keep(c.env.incoming as IncomingMessage, version, { repository, revision, file, headers }, context.now());
    return await sendFile(c, file, headers);
  } catch (error) {
    if (c.env.outgoing.headersSent) throw error;
    return hubError(c, error, commit);
  }
}

/**
 * The main branch is there from the beginning, with nothing in it. Why: clients ask a new repository for its README before they
 * write one (`push_to_hub` of transformers), and take only a missing file for an answer.
 */
function asEmpty(error: unknown, revision: string): unknown {
  const isEmpty = error instanceof CordonError && error.code === 'revision.missing' && (revision === 'main' || revision === 'HEAD');
  return isEmpty ? new CordonError('file.missing', 'the main branch has no files yet', { cause: error }) : error;
}

function fileHeaders(file: ServableFile): Record<string, string> {
  const { path, size, sha256 } = file;
  const linked = isLfs(path, size) ? { 'X-Linked-Etag': `"${sha256}"`, 'X-Linked-Size': String(size) } : {};
  return { ...linked, ETag: `"${objectId({ path, size, sha256, git_sha1: file.gitSha1 })}"`, 'Content-Disposition': disposition(path) };
}

/** Why attachment: a page among the files must not run in the origin of the console. */
function disposition(path: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(path.slice(path.lastIndexOf('/') + 1))}`;
}

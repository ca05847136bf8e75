import type { Hono } from 'hono';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { parseRepositoryName, type RepositoryKind } from '../../engine/registry/names.ts';
import { openServable } from '../../engine/registry/read-file.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { sendFile } from '../http/send-file.ts';
import { isLfs, objectId } from './entries.ts';
import { hubError } from './errors.ts';

const USER_AGENT_CHARACTERS = 80;

/** Downloads: `HEAD` and `GET /ns/name/resolve/rev/path`, with a prefix for datasets and spaces. */
export function addResolveRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  const prefixes: readonly (readonly [string, RepositoryKind])[] = [
    ['/datasets', 'dataset'],
    ['/spaces', 'space'],
    ['', 'model'],
  ];
  for (const [prefix, kind] of prefixes) {
    app.get(`${prefix}/:ns/:name/:how{(?:resolve|raw)}/:rest{.+}`, (c) => download(c, context, kind));
  }
}

async function download(c: RegistryRequest, context: RegistryContext, kind: RepositoryKind): Promise<Response> {
  const { principal } = c.var;
  const { ns = '', name = '', rest = '' } = c.req.param() as Record<string, string>;
  const repository = await openRepository(context, principal, parseRepositoryName(kind, `${ns}/${name}`));
  const slash = rest.indexOf('/');
  if (slash === -1) throw new CordonError('file.missing', 'a path is missing after the revision');
  const revision = await resolveRevision(context, repository, decodeURIComponent(rest.slice(0, slash)));
  const path = rest
    .slice(slash + 1)
    .split('/')
    .map(decodeURIComponent)
    .join('/');
  // Why on errors too: clients remember with it that the revision has no such file.
  const commit = { 'X-Repo-Commit': revision.id };
  try {
    const file = await openServable(context, principal, repository, revision, path);
    const etag = objectId({ path, size: file.size, sha256: file.sha256, git_sha1: file.gitSha1 });
    const linked = isLfs(path, file.size) ? { 'X-Linked-Etag': `"${file.sha256}"`, 'X-Linked-Size': String(file.size) } : {};
    if (c.req.method === 'GET') {
      const agent = (c.req.header('user-agent') ?? 'unknown').slice(0, USER_AGENT_CHARACTERS);
      const { id: repositoryId } = repository;
      context.pulls.add(
        { repositoryId, revision: revision.id, manifest: revision.manifest, principal: principal.id, client: `hf ${agent}` },
        context.now(),
      );
    }
    return await sendFile(c, file, { ...commit, ...linked, ETag: `"${etag}"`, 'Content-Disposition': disposition(path) });
  } catch (error) {
    if (c.env.outgoing.headersSent) throw error;
    return hubError(c, error, commit);
  }
}

/** Why attachment: a page among the files must not run in the origin of the console. */
function disposition(path: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(path.slice(path.lastIndexOf('/') + 1))}`;
}

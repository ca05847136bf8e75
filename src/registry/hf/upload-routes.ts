import type { Hono } from 'hono';
import * as z from 'zod';
import { errorCode } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findFiles } from '../../engine/registry/list-files.ts';
import { checkFilePath } from '../../engine/registry/names.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { resolveRevision, type Revision } from '../../engine/registry/revisions.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { checkCard } from './card.ts';
import { isLfs, objectId } from './entries.ts';
import { parsed } from './parsed.ts';
import { BASE, namedIn, revisionAndPath } from './routes.ts';

const Preupload = z.object({
  files: z.array(z.object({ path: z.string().min(1), size: z.int().min(0), sample: z.string().nullish() })).max(10_000),
});
const Card = z.object({ content: z.string(), repoType: z.string().nullish() });

/** How clients learn what to send, and how. */
export function addUploadRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post(`${BASE}/preupload/:rev{.+}`, (c) => preupload(c, context));

  app.post('/api/validate-yaml', async (c) => {
    const { content, repoType } = parsed(Card, await jsonBody(c));
    return c.json(checkCard(content, repoType ?? 'model'));
  });
}

async function preupload(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
  const { files } = parsed(Preupload, await jsonBody(c));
  const revision = await baseOf(context, repository, revisionAndPath(c, 5).revision);
  const paths = files.map(({ path }) => checkFilePath(path));
  const known = revision === undefined ? [] : await findFiles(context, revision.manifest, paths);
  // Why: with nothing left to send, clients before 1.0 take the prefix of this protocol for a type of repository, and fail.
  const mayLeaveOut = !/\bhf_hub\/0\./.test(c.req.header('user-agent') ?? '');
  const byPath = new Map(known.map((entry) => [entry.path, entry]));
  return c.json({
    files: files.map(({ path, size }) => {
      const entry = byPath.get(path);
      const uploadMode = isLfs(path, size) ? 'lfs' : 'regular';
      return { path, uploadMode, shouldIgnore: false, ...(entry !== undefined && mayLeaveOut && { oid: objectId(entry) }) };
    }),
  });
}

/** Undefined before the first commit to `main`; any other revision must be there. */
async function baseOf(context: RegistryContext, repository: Repository, revision: string): Promise<Revision | undefined> {
  try {
    return await resolveRevision(context, repository, revision);
  } catch (error) {
    if (revision === 'main' && errorCode(error) === 'revision.missing') return undefined;
    throw error;
  }
}

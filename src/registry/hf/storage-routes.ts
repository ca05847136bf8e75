import type { Hono } from 'hono';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { listRepositories } from '../../engine/registry/list-repositories.ts';
import { repositoryId } from '../../engine/registry/names.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import { repositorySizes } from '../../engine/registry/repository-sizes.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { linkNext } from './paging.ts';

const PAGE = 100;
const KINDS = ['model', 'dataset', 'space'] as const satisfies readonly Repository['kind'][];

/** What is there of every kind and how large it is: of one namespace, or all that somebody may read. */
export function addStorageRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get('/api/settings/repositories', (c) => list(c, context, undefined));
  app.get('/api/organizations/:namespace/settings/repositories', (c) => list(c, context, c.req.param('namespace')));
}

async function list(c: RegistryRequest, context: RegistryContext, namespace: string | undefined): Promise<Response> {
  const [from = '', after = ''] = (c.req.query('cursor') ?? '').split(':');
  const start = Math.max(
    0,
    KINDS.findIndex((kind) => kind === from),
  );
  const found: Repository[] = [];
  for (const kind of KINDS.slice(start)) {
    const isFirst = kind === from && after !== '';
    const limit = PAGE + 1 - found.length;
    if (limit <= 0) break;
    found.push(
      ...(await listRepositories(context, c.var.principal, {
        kind,
        limit,
        ...(namespace !== undefined && { namespace }),
        ...(isFirst && { after }),
      })),
    );
  }
  const page = found.slice(0, PAGE);
  const last = page.at(-1);
  if (found.length > PAGE && last !== undefined) linkNext(c, context, `${last.kind}:${repositoryId(last)}`);
  const sizes = await repositorySizes(context, page);
  return c.json(
    page.map((repository) => ({
      id: repositoryId(repository),
      type: repository.kind,
      updatedAt: new Date(repository.updated_at).toISOString(),
      visibility: repository.private === 1 ? 'private' : 'public',
      storage: sizes.get(repository.id) ?? 0,
      storagePercent: 0,
    })),
  );
}

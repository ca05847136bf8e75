import { z } from '@hono/zod-openapi';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { impact, lineageOf } from '../../engine/registry/evidence/lineage-of.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { type Api, route } from './define.ts';
import { RepositoryPath } from './schemas.ts';

const Proven = z.enum(['true', 'false']).default('false').describe('only what is measured or attested, nothing declared');
const Limit = z.coerce.number().int().min(1).max(10_000).default(1_000);

/** What was made from what. */
export function addLineageRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'get',
      path: '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/lineage',
      summary: 'What a revision was made from, or what was made from it',
      request: {
        params: RepositoryPath.extend({ revision: z.string().min(1).max(255) }),
        query: z.object({ direction: z.enum(['ancestors', 'descendants']).default('ancestors'), proven: Proven, limit: Limit }),
      },
      answer: z.array(z.object({ artifact: z.string(), versions: z.array(z.string()) })),
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const { direction, proven, limit } = c.req.valid('query');
      const repository = await openRepository(context, c.var.principal, path);
      const { manifest } = await resolveRevision(context, repository, name);
      const found = await lineageOf(context, c.var.principal, repository, manifest, direction, { isProven: proven === 'true', limit });
      return c.json(
        found.map(({ artifact, versions }) => ({ artifact, versions: [...versions] })),
        200,
      );
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/impact',
      summary: 'Released versions that descend from an artifact: which production models were trained on this dataset?',
      request: {
        query: z.object({
          artifact: z.string().min(1).max(4_096).describe('digest, or a name such as dataset:org/name'),
          stage: z.string().min(1).max(64).optional(),
          proven: Proven,
          limit: Limit,
        }),
      },
      answer: z.array(z.object({ repository: z.string(), version: z.int(), stage: z.string(), manifest: z.string() })),
    }),
    async (c) => {
      const { artifact, stage, proven, limit } = c.req.valid('query');
      const found = await impact(context, c.var.principal, artifact, {
        isProven: proven === 'true',
        limit,
        ...(stage !== undefined && { stages: [stage] }),
      });
      return c.json(
        found.map((one) => ({ ...one })),
        200,
      );
    },
  );
}

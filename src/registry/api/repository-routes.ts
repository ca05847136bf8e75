import { z } from '@hono/zod-openapi';
import { admissionOf, blockedReason } from '../../engine/registry/admit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { decidedFindings } from '../../engine/registry/decided-findings.ts';
import { loadManifest, omsDigest } from '../../engine/registry/manifest.ts';
import { repositoryId } from '../../engine/registry/names.ts';
import { listRepositories } from '../../engine/registry/list-repositories.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { listVersions, openVersion, seal, type Version } from '../../engine/registry/versions.ts';
import { type Api, json, route } from './define.ts';
import { RepositoryBody, RepositoryPath, RevisionBody, VersionBody, VersionPath } from './schemas.ts';

const ListQuery = z.object({
  search: z.string().max(200).optional(),
  namespace: z.string().max(96).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** What is in the registry: repositories, revisions, versions. */
export function addRepositoryRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'get',
      path: '/repositories/{kind}',
      summary: 'Repositories that the credential may read',
      request: { params: RepositoryPath.pick({ kind: true }), query: ListQuery },
      answer: z.array(RepositoryBody),
    }),
    async (c) => {
      const { search, namespace, after, limit } = c.req.valid('query');
      const found = await listRepositories(context, c.var.principal, {
        kind: c.req.valid('param').kind,
        limit,
        ...(search !== undefined && { search }),
        ...(namespace !== undefined && { namespace }),
        ...(after !== undefined && { after }),
      });
      return c.json(found.map(repositoryBody), 200);
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/repositories/{kind}/{namespace}/{name}/revisions/{revision}',
      summary: 'A revision: its files, and whether they are served',
      request: { params: RepositoryPath.extend({ revision: z.string().min(1).max(255) }) },
      answer: RevisionBody,
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path);
      const revision = await resolveRevision(context, repository, name);
      const admission = await admissionOf(context, repository, revision.manifest);
      const files = await loadManifest(context.store.db, revision.manifest);
      const state = admission?.state ?? 'pending';
      const body = {
        repository: repositoryId(repository),
        revision: revision.id,
        manifest: revision.manifest,
        omsDigest: omsDigest(files),
      };
      return c.json(
        {
          ...body,
          admission: state,
          reason: state === 'admitted' ? (admission?.reason ?? '') : blockedReason(admission),
          findings: await decidedFindings(context, admission),
          files,
        },
        200,
      );
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/repositories/{kind}/{namespace}/{name}/versions',
      summary: 'Versions of a repository, newest first',
      request: { params: RepositoryPath },
      answer: z.array(VersionBody),
    }),
    async (c) => {
      const repository = await openRepository(context, c.var.principal, c.req.valid('param'));
      const versions = await listVersions(context, repository);
      return c.json(await Promise.all(versions.map((version) => versionBody(context, repository, version))), 200);
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/repositories/{kind}/{namespace}/{name}/versions/{version}',
      summary: 'A version',
      request: { params: VersionPath },
      answer: VersionBody,
    }),
    async (c) => {
      const { version, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path);
      const found = await openVersion(context, repository, version);
      const findings = await decidedFindings(context, await admissionOf(context, repository, found.manifest));
      return c.json({ ...(await versionBody(context, repository, found)), findings }, 200);
    },
  );

  api.openapi(
    route({
      method: 'post',
      path: '/repositories/{kind}/{namespace}/{name}/versions',
      summary: 'Seal a revision as the next version',
      request: { params: RepositoryPath, body: json(z.strictObject({ revision: z.string().min(1).max(255).default('main') })) },
      answer: VersionBody,
    }),
    async (c) => {
      const repository = await openRepository(context, c.var.principal, c.req.valid('param'), 'write');
      const revision = await resolveRevision(context, repository, c.req.valid('json').revision);
      return c.json(await versionBody(context, repository, await seal(context, c.var.principal, repository, revision)), 200);
    },
  );
}

function repositoryBody(repository: Repository): z.infer<typeof RepositoryBody> {
  return {
    id: repositoryId(repository),
    kind: repository.kind,
    private: repository.private === 1,
    createdAt: new Date(repository.created_at).toISOString(),
    updatedAt: new Date(repository.updated_at).toISOString(),
  };
}

async function versionBody(context: RegistryContext, repository: Repository, version: Version): Promise<z.infer<typeof VersionBody>> {
  const admission = await admissionOf(context, repository, version.manifest);
  return {
    repository: repositoryId(repository),
    kind: repository.kind,
    version: version.number,
    revision: version.revision,
    manifest: version.manifest,
    stage: version.stage,
    admission: admission?.state ?? 'pending',
    reason: admission?.reason ?? '',
    createdAt: new Date(version.created_at).toISOString(),
  };
}

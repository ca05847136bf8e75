import type { Hono } from 'hono';
import * as z from 'zod';
import { errorCode, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { copyFiles } from '../../engine/registry/copy-files.ts';
import { duplicateRepository } from '../../engine/registry/duplicate-repository.ts';
import { parseRepositoryName, repositoryId } from '../../engine/registry/names.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';
import { parsed } from './parsed.ts';
import { BASE, kindOfType, namedIn, pageOf } from './routes.ts';

const Name = z.string().min(1).max(200);
const Copied = z.object({
  target: z.object({ type: z.string().nullish(), name: Name }),
  files: z.array(z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(5_000),
});
const Duplicate = z.object({ repository: Name, private: z.boolean().nullish(), visibility: z.string().nullish() });

/** What goes from one repository to another without passing through the client. */
export function addCopyRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  // Clients call this before the commit that refers to the files.
  app.post(`${BASE}/lfs-files/duplicate`, async (c) => {
    const { target, files } = parsed(Copied, await jsonBody(c));
    const from = await openRepository(context, c.var.principal, namedIn(c.req.param()));
    const to = await openRepository(context, c.var.principal, parseRepositoryName(kindOfType(target.type), target.name), 'write');
    const digests = [...new Set(files.map(({ sha256 }) => sha256))];
    const missing = new Set(await copyFiles(context, c.var.principal, from, to, digests));
    const error = `${repositoryId(from)} does not serve it`;
    return c.json({
      success: digests.filter((sha256) => !missing.has(sha256)).map((sha256) => ({ sha256 })),
      failed: [...missing].map((sha256) => ({ sha256, error })),
    });
  });

  app.post(`${BASE}/duplicate`, async (c) => {
    const { repository, private: isPrivate, visibility } = parsed(Duplicate, await jsonBody(c));
    const from = namedIn(c.req.param());
    const to = parseRepositoryName(from.kind, repository);
    const url = `${publicUrl(c, context)}/hf/${pageOf(to)}`;
    const wanted = isPrivate ?? (typeof visibility === 'string' ? visibility === 'private' : undefined);
    try {
      await duplicateRepository(context, c.var.principal, from, to, wanted === undefined ? {} : { private: wanted });
    } catch (error) {
      if (errorCode(error) !== 'registry.conflict') throw error;
      // Why the address all the same: clients that say "exists is fine" read it from here.
      return c.json({ error: errorMessage(error), url }, 409);
    }
    return c.json({ url, name: repositoryId(to), id: repositoryId(to) });
  });
}

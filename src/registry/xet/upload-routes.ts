import { Hono } from 'hono';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findRepository, type Repository } from '../../engine/registry/repositories.ts';
import { rebuildFiles } from '../../engine/registry/xet/rebuild-files.ts';
import { takeXorb } from '../../engine/registry/xet/take-xorb.ts';
import type { Access } from '../http/access.ts';
import { bodyOf } from '../http/body.ts';
import type { RegistryEnv } from '../http/env.ts';
import { problemOf } from '../http/problem.ts';
import { XET_PURPOSE } from '../http/xet-session.ts';
import { progressLines } from './progress-lines.ts';

interface UploadEnv {
  readonly Bindings: RegistryEnv['Bindings'];
  readonly Variables: RegistryEnv['Variables'] & { readonly repository: Repository };
}

const HASH = ':hash{[0-9a-f]{64}}';

/**
 * Uploads by Xet: xorbs and shards in, whole files out of them. What is there already is never told: a question whether chunks
 * are there would answer what private repositories hold.
 */
export function uploadRoutes(context: RegistryContext, access: Access): Hono<UploadEnv> {
  const app = new Hono<UploadEnv>().basePath('/:repository/:day');
  app.use('*', async (c, next) => {
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const redeemed = token === undefined ? undefined : await access.redeem(token, XET_PURPOSE.write);
    if (redeemed === undefined || redeemed.claims.repository !== c.req.param('repository')) {
      throw new CordonError('access.unauthenticated', 'the token of this upload has expired or is for another repository');
    }
    c.set('principal', redeemed.principal);
    c.set('repository', await findRepository(context, redeemed.principal, String(redeemed.claims.repository)));
    return next();
  });
  app.get('/v1/chunks/:prefix/:hash', (c) => c.body(null, 404));
  app.post(`/v1/xorbs/default/${HASH}`, async (c) => {
    const isNew = await takeXorb(context, c.var.principal, c.var.repository, c.req.param('hash'), bodyOf(c as never));
    return c.json({ was_inserted: isNew });
  });
  app.post('/v1/shards', async (c) => {
    for await (const _ of rebuildFiles(context, c.var.principal, c.var.repository, bodyOf(c as never)));
    return c.json({ result: 1 });
  });
  app.post('/v2/shards', async (c) => {
    const rebuilt = rebuildFiles(context, c.var.principal, c.var.repository, bodyOf(c as never));
    const first = await rebuilt.next();
    return progressLines(first, rebuilt, (error) => {
      context.log.warn({ error: errorMessage(error) }, 'files of a shard could not be rebuilt');
      return problemOf(error instanceof CordonError ? error : new CordonError('internal.bug', 'failed')).detail;
    });
  });
  return app;
}

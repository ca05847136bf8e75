import type { Hono } from 'hono';
import * as z from 'zod';
import { errorCode, errorMessage } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { parseRepositoryName, type RepositoryName } from '../../engine/registry/names.ts';
import { createRepository, deleteRepository, moveRepository, setVisibility } from '../../engine/registry/repositories.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';
import { parsed } from './parsed.ts';
import { BASE, kindOfType, namedIn, pageOf } from './routes.ts';

const Name = z.string().min(1).max(200);
const Named = z.object({ name: Name, organization: Name.nullish(), type: z.string().nullish() });
const Created = Named.extend({ private: z.boolean().nullish(), visibility: z.string().nullish() });
const Moved = z.object({ fromRepo: Name, toRepo: Name, type: z.string().nullish() });
const Settings = z.object({ private: z.boolean().nullish(), visibility: z.string().nullish() });

/** Who am I, and what happens to whole repositories: create, move, change, delete. */
export function addRepositoryRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get('/api/whoami-v2', (c) => {
    const { id, name, kind, groups, credential } = c.var.principal;
    return c.json({
      type: 'user',
      id,
      name,
      fullname: name,
      isPro: false,
      orgs: groups.map((group) => ({ type: 'org', id: group, name: group, fullname: group, isEnterprise: false })),
      kind,
      auth: { type: 'access_token', accessToken: { displayName: name, role: 'write' }, credential: credential.kind },
    });
  });

  app.post('/api/repos/create', async (c) => {
    const body = parsed(Created, await jsonBody(c));
    const name = repositoryName(body, c.var.principal.name);
    const url = `${publicUrl(c, context)}/hf/${pageOf(name)}`;
    const id = `${name.namespace}/${name.name}`;
    try {
      await createRepository(context, c.var.principal, name, { private: body.private === true || body.visibility === 'private' });
    } catch (error) {
      if (errorCode(error) !== 'registry.conflict') throw error;
      // Why the address all the same: clients that say "exists is fine" read it from here.
      return c.json({ error: errorMessage(error), url, name: id, id }, 409);
    }
    return c.json({ url, name: id, id });
  });

  app.delete('/api/repos/delete', async (c) => {
    await deleteRepository(context, c.var.principal, repositoryName(parsed(Named, await jsonBody(c)), c.var.principal.name));
    return c.json({ success: true });
  });

  app.post('/api/repos/move', async (c) => {
    const { fromRepo, toRepo, type } = parsed(Moved, await jsonBody(c));
    const kind = kindOfType(type);
    await moveRepository(context, c.var.principal, parseRepositoryName(kind, fromRepo), parseRepositoryName(kind, toRepo));
    return c.json({ success: true });
  });

  app.put(`${BASE}/settings`, async (c) => {
    const settings = parsed(Settings, await jsonBody(c));
    const wanted = settings.private ?? (typeof settings.visibility === 'string' ? settings.visibility === 'private' : undefined);
    if (typeof wanted === 'boolean') await setVisibility(context, c.var.principal, namedIn(c.req.param()), wanted);
    return c.json({ private: wanted ?? false });
  });
}

/** `name` may be `ns/name`, or a name alone in an organisation or in one's own namespace. */
function repositoryName(body: z.infer<typeof Named>, own: string): RepositoryName {
  const id = body.name.includes('/') ? body.name : `${body.organization ?? own}/${body.name}`;
  return parseRepositoryName(kindOfType(body.type), id);
}

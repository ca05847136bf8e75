import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import type { Identity } from '../../identity/identity.ts';
import { Scopes } from '../../identity/permissions/scopes.ts';
import { createPrincipal, findPrincipal, listPrincipals, type PrincipalRecord, setDisabled } from '../../identity/principals/manage.ts';
import { requireAdmin } from '../../identity/principals/authority.ts';
import { grantRole, listRoles, revokeRole } from '../../identity/principals/roles.ts';
import { createToken, listTokens, revokeToken, rotateToken, type TokenRecord } from '../../identity/tokens/manage.ts';
import { type Api, json, route } from './define.ts';
import { Done } from './schemas.ts';

const Name = z.string().min(1).max(96);
const KeyBody = z
  .object({
    id: z.string(),
    family: z.string().describe('id of the first key of its rotations: what limits, usage and blocks count by'),
    madeWith: z.string().nullable().describe('id of the key that was used to make it'),
    name: z.string(),
    prefix: z.string(),
    principal: z.string(),
    scopes: Scopes,
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    lastUsedAt: z.string().nullable(),
  })
  .openapi('Key');
const CreatedKey = z.object({ key: KeyBody, secret: z.string().describe('shown now and never again') });
const PrincipalBody = z
  .object({ id: z.string(), name: z.string(), kind: z.enum(['user', 'service']), email: z.string().nullable(), disabled: z.boolean() })
  .openapi('Principal');
const RoleBody = z.object({ holder: z.string(), role: z.string(), on: z.string() }).openapi('RoleBinding');
const NewRole = z.strictObject({
  holder: z.string().min(1).max(400).describe('name of a principal, or group:<name>'),
  role: z.string().min(1).max(64),
  on: z.string().min(1).max(400).describe('namespace, namespace/name or *'),
});

/** Keys, principals and roles. Who may do it is decided by the identity, not here. */
export function addIdentityRoutes(api: Api, identity: Identity): void {
  api.openapi(
    route({
      method: 'get',
      path: '/whoami',
      summary: 'Who the credential stands for',
      request: {},
      answer: z.object({ id: z.string(), name: z.string(), kind: z.string(), groups: z.array(z.string()), scopes: Scopes }),
    }),
    (c) => {
      const { id, name, kind, groups, credential } = c.var.principal;
      return c.json({ id, name, kind, groups: [...groups], scopes: credential.scopes }, 200);
    },
  );
  addKeyRoutes(api, identity);
  addPrincipalRoutes(api, identity);
  addRoleRoutes(api, identity);
}

function addKeyRoutes(api: Api, identity: Identity): void {
  api.openapi(
    route({
      method: 'get',
      path: '/keys',
      summary: 'Keys: your own, or with all=true those of everybody',
      request: {
        query: z.object({
          all: z.enum(['true', 'false']).default('false'),
          prefix: z
            .string()
            .regex(/^[A-Za-z0-9_-]{0,13}$/)
            .default('')
            .describe('first characters of the key, up to those that are shown'),
        }),
      },
      answer: z.array(KeyBody),
    }),
    async (c) => {
      const { all, prefix } = c.req.valid('query');
      const tokens = await listTokens(identity, c.var.principal, all === 'true' ? undefined : c.var.principal.id, prefix);
      return c.json(tokens.map(keyBody), 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: '/keys',
      summary: 'Make a key; its secret is shown once',
      request: {
        body: json(
          z.strictObject({
            name: z.string().min(1).max(200),
            principal: Name.optional().describe('whose key; default: your own'),
            scopes: Scopes.optional(),
            expiresAt: z.iso.datetime().optional(),
          }),
        ),
      },
      answer: CreatedKey,
    }),
    async (c) => {
      const { name, principal, scopes, expiresAt } = c.req.valid('json');
      const isOwn = principal === undefined || principal === c.var.principal.name;
      // Why first: who may not must not learn who is known here.
      if (!isOwn) requireAdmin(c.var.principal);
      const owner = isOwn ? c.var.principal.id : (await named(identity, principal)).id;
      const made = await createToken(identity, c.var.principal, {
        principal: owner,
        name,
        ...(scopes !== undefined && { scopes }),
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      });
      return c.json({ key: keyBody(made.token), secret: made.secret }, 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: '/keys/{id}/rotate',
      summary: 'Make a successor; the old key works for a while more',
      request: {
        params: z.object({ id: z.string().min(1).max(64) }),
        body: json(
          z.strictObject({
            overlapSeconds: z
              .int()
              .min(0)
              .max(30 * 86_400)
              .default(86_400),
          }),
        ),
      },
      answer: CreatedKey,
    }),
    async (c) => {
      const overlapMs = c.req.valid('json').overlapSeconds * 1_000;
      const made = await rotateToken(identity, c.var.principal, c.req.valid('param').id, { overlapMs });
      return c.json({ key: keyBody(made.token), secret: made.secret }, 200);
    },
  );
  api.openapi(
    route({
      method: 'delete',
      path: '/keys/{id}',
      summary: 'Revoke a key, effective with the next request',
      request: {
        params: z.object({ id: z.string().min(1).max(64) }),
        query: z.object({
          cascade: z.enum(['true', 'false']).default('false').describe('also all keys that were made with it, and with those'),
        }),
      },
      answer: z.object({ done: z.literal(true), revoked: z.array(z.string()).describe('ids of what was ended') }),
    }),
    async (c) => {
      const cascade = c.req.valid('query').cascade === 'true';
      const revoked = await revokeToken(identity, c.var.principal, c.req.valid('param').id, { cascade });
      return c.json({ done: true as const, revoked: [...revoked] }, 200);
    },
  );
}

function addPrincipalRoutes(api: Api, identity: Identity): void {
  api.openapi(route({ method: 'get', path: '/principals', summary: 'Everybody', request: {}, answer: z.array(PrincipalBody) }), async (c) =>
    c.json((await listPrincipals(identity, c.var.principal)).map(principalBody), 200),
  );
  api.openapi(
    route({
      method: 'post',
      path: '/principals',
      summary: 'Make a person or a machine known',
      request: {
        body: json(
          z.strictObject({
            name: Name,
            kind: z.enum(['user', 'service']).default('user'),
            email: z.email().max(320).optional(),
            oidc: z.strictObject({ issuer: z.string().max(1_000), subject: z.string().max(1_000) }).optional(),
            ownNamespace: z.boolean().default(false).describe('contributor of the namespace of its own name'),
          }),
        ),
      },
      answer: PrincipalBody,
    }),
    async (c) => {
      const { email, oidc, ...wanted } = c.req.valid('json');
      const made = await createPrincipal(identity, c.var.principal, {
        ...wanted,
        ...(email !== undefined && { email }),
        ...(oidc !== undefined && { oidc }),
      });
      return c.json(principalBody(made), 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: '/principals/{name}/disabled',
      summary: 'Shut somebody out, or let them in again',
      request: { params: z.object({ name: Name }), body: json(z.strictObject({ disabled: z.boolean() })) },
      answer: Done,
    }),
    async (c) => {
      requireAdmin(c.var.principal);
      const { id } = await named(identity, c.req.valid('param').name);
      await setDisabled(identity, c.var.principal, id, c.req.valid('json').disabled);
      return c.json({ done: true as const }, 200);
    },
  );
}

function addRoleRoutes(api: Api, identity: Identity): void {
  api.openapi(
    route({
      method: 'get',
      path: '/roles',
      summary: 'Roles held on an object',
      request: { query: z.object({ on: z.string().max(400).default('*') }) },
      answer: z.array(RoleBody),
    }),
    async (c) => {
      const bindings = await listRoles(identity, c.var.principal, c.req.valid('query').on);
      return c.json(
        bindings.map(({ holder, role, namespace }) => ({ holder, role, on: namespace })),
        200,
      );
    },
  );
  api.openapi(
    route({ method: 'post', path: '/roles', summary: 'Give a role', request: { body: json(NewRole) }, answer: Done }),
    async (c) => {
      const { holder, role, on } = c.req.valid('json');
      requireAdmin(c.var.principal, on);
      await grantRole(identity, c.var.principal, { holder: await holderOf(identity, holder), role, on });
      return c.json({ done: true as const }, 200);
    },
  );
  api.openapi(
    route({ method: 'post', path: '/roles/revoke', summary: 'Take a role away', request: { body: json(NewRole) }, answer: Done }),
    async (c) => {
      const { holder, role, on } = c.req.valid('json');
      requireAdmin(c.var.principal, on);
      await revokeRole(identity, c.var.principal, { holder: await holderOf(identity, holder), role, on });
      return c.json({ done: true as const }, 200);
    },
  );
}

async function named(identity: Identity, name: string): Promise<PrincipalRecord> {
  const found = await findPrincipal(identity, name);
  if (found === undefined) throw new CordonError('request.invalid', `there is no principal ${JSON.stringify(name)}`);
  return found;
}

async function holderOf(identity: Identity, holder: string): Promise<string> {
  return /^(?:group|principal):/.test(holder) ? holder : `principal:${(await named(identity, holder)).id}`;
}

function keyBody(token: TokenRecord): z.infer<typeof KeyBody> {
  return {
    id: token.id,
    family: token.family ?? token.id,
    madeWith: token.made_with,
    name: token.name,
    prefix: token.prefix,
    principal: token.principal_id,
    scopes: token.scopes,
    createdAt: new Date(token.created_at).toISOString(),
    expiresAt: iso(token.expires_at),
    revokedAt: iso(token.revoked_at),
    lastUsedAt: iso(token.last_used_at),
  };
}

function principalBody({ id, name, kind, email, disabled_at }: PrincipalRecord): z.infer<typeof PrincipalBody> {
  return { id, name, kind, email, disabled: disabled_at !== null };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

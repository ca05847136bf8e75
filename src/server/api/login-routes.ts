import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import { authenticate } from '../../identity/authenticate.ts';
import type { Identity } from '../../identity/identity.ts';
import { beginLogin, finishLogin, type PendingLogin } from '../../identity/oidc/login.ts';
import { requireWholeCredential } from '../../identity/principals/authority.ts';
import { type CookieNames, readCookie, writeCookie } from '../../identity/sessions/cookies.ts';
import { checkPassword } from '../../identity/sessions/password-login.ts';
import { createSession, csrfToken, endSession, endSessionOf, listSessions } from '../../identity/sessions/session.ts';
import { type Api, json, route } from '../../registry/api/define.ts';
import { Done } from '../../registry/api/schemas.ts';
import type { RegistryRequest } from '../../registry/http/env.ts';

/** What the logins of the console need. */
export interface LoginOptions {
  readonly identity: Identity;
  readonly cookies: CookieNames;
  /** How browsers reach the server, without a slash at the end. */
  readonly urlOf: (c: RegistryRequest) => string;
}

/** How long somebody has for logging in at their provider. */
const LOGIN_SECONDS = 600;
const CALLBACK = '/api/v1/login/oidc/callback';
const MAX_PENDING = 4_096;

const SessionBody = z
  .object({
    principal: z.string(),
    name: z.string(),
    csrfToken: z.string().describe('send it as X-CSRF-Token with every change'),
    expiresAt: z.string(),
  })
  .openapi('Session');

/** By what people come in: routes that are asked without a credential. */
export function addLoginRoutes(api: Api, options: LoginOptions): void {
  const { identity, cookies } = options;

  api.openapi(
    route({
      method: 'get',
      path: '/login',
      summary: 'The ways to log in',
      request: {},
      answer: z.object({ password: z.literal(true), issuers: z.array(z.string()) }),
    }),
    (c) => {
      const issuers = [...identity.rules.issuers.values()].flatMap(({ config }) => (config.clientId === undefined ? [] : [config.issuer]));
      return c.json({ password: true as const, issuers }, 200);
    },
  );
  api.openapi(
    route({
      method: 'post',
      path: '/login',
      summary: 'Log in by name and password, or with a key that has no scopes; answers with a cookie',
      request: {
        body: json(
          z.union([
            z.strictObject({ name: z.string().min(1).max(96), password: z.string().min(1).max(1_000) }),
            z.strictObject({ key: z.string().min(1).max(200) }),
          ]),
        ),
      },
      answer: SessionBody,
    }),
    async (c) => {
      refuseOtherSites(c);
      const asked = c.req.valid('json');
      const who = 'key' in asked ? await ownerOfKey(identity, asked.key) : await checkPassword(identity, asked.name, asked.password);
      if (who === undefined) throw new CordonError('access.unauthenticated', 'nobody has this name and password, or it has to wait');
      return c.json(await begin(c, options, who, 'key' in asked ? 'token' : 'password'), 200);
    },
  );
  api.get('/login/oidc', async (c) => {
    const issuer = c.req.query('issuer') ?? '';
    const { url, pending } = await beginLogin(identity, issuer, `${options.urlOf(c)}${CALLBACK}`);
    const value = Buffer.from(JSON.stringify(pending)).toString('base64url');
    // Why Lax: the provider sends the browser back from another site.
    setCookie(c, writeCookie(cookies.login, value, { isSecure: cookies.isSecure, sameSite: 'Lax', seconds: LOGIN_SECONDS }));
    return c.redirect(url, 302);
  });
  api.get('/login/oidc/callback', async (c) => {
    const pending = pendingOf(readCookie(c.req.header('cookie'), cookies.login), `${options.urlOf(c)}${CALLBACK}`);
    // Why before anything can fail: each answer of a provider is looked at once.
    setCookie(c, writeCookie(cookies.login, '', { isSecure: cookies.isSecure, sameSite: 'Lax', seconds: 0 }));
    const who = await finishLogin(identity, pending, new URL(c.req.url).searchParams);
    await begin(c, options, who, 'oidc');
    // Why never anywhere else: a link must not be able to choose where people land after a login.
    return c.redirect('/', 302);
  });
}

/** What somebody who is logged in can do about it. */
export function addSessionRoutes(api: Api, { identity, cookies }: LoginOptions): void {
  api.openapi(route({ method: 'get', path: '/session', summary: 'The session of the cookie', request: {}, answer: SessionBody }), (c) => {
    const { credential, id, name } = c.var.principal;
    const secret = readCookie(c.req.header('cookie'), cookies.session);
    if (credential.kind !== 'session' || secret === undefined) throw new CordonError('request.invalid', 'this is no session');
    return c.json({ principal: id, name, csrfToken: csrfToken(secret), expiresAt: new Date(credential.expiresAt ?? 0).toISOString() }, 200);
  });
  api.openapi(
    route({ method: 'post', path: '/logout', summary: 'End the session of the cookie', request: {}, answer: Done }),
    async (c) => {
      const { credential } = c.var.principal;
      if (credential.kind === 'session' && credential.id !== null) await endSession(identity, credential.id);
      setCookie(c, writeCookie(cookies.session, '', { isSecure: cookies.isSecure, sameSite: 'Strict', seconds: 0 }));
      return c.json({ done: true as const }, 200);
    },
  );
  api.openapi(
    route({
      method: 'get',
      path: '/sessions',
      summary: 'Logins that last: your own, or with all=true those of everybody',
      request: { query: z.object({ all: z.enum(['true', 'false']).default('false') }) },
      answer: z.array(
        z.object({ id: z.string(), principal: z.string(), createdAt: z.string(), expiresAt: z.string(), current: z.boolean() }),
      ),
    }),
    async (c) => {
      const { id, credential } = c.var.principal;
      const sessions = await listSessions(identity, c.var.principal, c.req.valid('query').all === 'true' ? undefined : id);
      const body = sessions.map((session) => ({
        id: session.id,
        principal: session.principal,
        createdAt: new Date(session.createdAt).toISOString(),
        expiresAt: new Date(session.expiresAt).toISOString(),
        current: credential.kind === 'session' && credential.id === session.id,
      }));
      return c.json(body, 200);
    },
  );
  api.openapi(
    route({
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'End a login, effective with its next request',
      request: { params: z.object({ id: z.string().min(1).max(64) }) },
      answer: Done,
    }),
    async (c) => {
      await endSessionOf(identity, c.var.principal, c.req.valid('param').id);
      return c.json({ done: true as const }, 200);
    },
  );
}

/** Starts a session with a secret of its own, whatever the browser brought; the one it had ends. */
async function begin(
  c: RegistryRequest,
  { identity, cookies }: LoginOptions,
  who: { readonly id: string; readonly name: string },
  method: 'password' | 'oidc' | 'token',
): Promise<z.infer<typeof SessionBody>> {
  const before = readCookie(c.req.header('cookie'), cookies.session);
  const old = before === undefined ? undefined : await authenticate(identity, { kind: 'session', secret: before });
  const { sessionMs } = identity.rules;
  const { secret, expiresAt } = await createSession(identity, who, { lifetimeMs: sessionMs, method });
  if (old?.credential.id !== undefined && old.credential.id !== null) await endSession(identity, old.credential.id);
  setCookie(
    c,
    writeCookie(cookies.session, secret, { isSecure: cookies.isSecure, sameSite: 'Strict', seconds: Math.floor(sessionMs / 1_000) }),
  );
  c.header('Cache-Control', 'no-store');
  return { principal: who.id, name: who.name, csrfToken: csrfToken(secret), expiresAt: new Date(expiresAt).toISOString() };
}

/** Why none with scopes: a session has all that its principal may. */
async function ownerOfKey(identity: Identity, key: string): Promise<{ readonly id: string; readonly name: string } | undefined> {
  const principal = await authenticate(identity, { kind: 'bearer', token: key });
  if (principal !== undefined) requireWholeCredential(principal);
  return principal;
}

/** Why: a page elsewhere must not log a browser in as somebody of its choice. Clients that are no browsers send no such header. */
function refuseOtherSites(c: RegistryRequest): void {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new CordonError('access.denied', 'logins come from our own pages');
}

function pendingOf(value: string | undefined, redirectUri: string): PendingLogin {
  const refused = new CordonError('access.denied', 'the login was not started in this browser, or too long ago');
  if (value === undefined || value.length > MAX_PENDING) throw refused;
  const text = z.string().min(20).max(1_000);
  const Pending = z.strictObject({
    issuer: z.string().max(1_000),
    redirectUri: z.literal(redirectUri),
    state: text,
    nonce: text,
    codeVerifier: text,
  });
  try {
    return Pending.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    throw refused;
  }
}

function setCookie(c: RegistryRequest, cookie: string): void {
  c.header('Set-Cookie', cookie, { append: true });
}

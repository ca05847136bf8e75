import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { csrfToken } from '../../src/identity/sessions/session.ts';
import { startProvider, type TestProvider } from '../identity/identity-provider.ts';
import { serve, type Served } from './served.ts';

const PASSWORD = 'correct horse battery staple';
let provider: TestProvider;
let served: Served;
let url: string;

beforeAll(async () => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  provider = await startProvider(`${url}/api/v1/login/oidc/callback`);
  process.env['TEST_CONSOLE_SECRET'] = 'console-secret';
  served = await serve({
    server: { port },
    access: {
      groups: { 'ml-team': [{ role: 'reader' }] },
      oidc: [{ issuer: provider.issuer, audience: [provider.audience], clientId: 'console', clientSecretEnv: 'TEST_CONSOLE_SECRET' }],
    },
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  delete process.env['TEST_CONSOLE_SECRET'];
  await served.close();
  await provider.close();
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A browser as far as cookies and redirects go. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly seen: string[] = [];

  async ask(method: string, address: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const target = new URL(address, url);
    const own = target.origin === url ? 'cordon_' : '';
    const cookie = [...this.cookies]
      .filter(([name]) => name.startsWith('cordon_') === (own !== ''))
      .map(([name, value]) => `${name}=${value}`);
    const response = await fetch(target, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie.length > 0 && { cookie: cookie.join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      this.seen.push(line);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return response;
  }

  /** Follows redirects until there are none. */
  async browse(address: string): Promise<Response> {
    for (let at = new URL(address, url).href; ;) {
      const response = await this.ask('GET', at);
      const next = response.headers.get('location');
      if (next === null || (next === '/' && at.startsWith(url))) return response;
      at = new URL(next, at).href;
    }
  }

  get secret(): string {
    return this.cookies.get('cordon_session') ?? '';
  }
}

async function withPassword(name: string): Promise<Browser> {
  const person = await served.person(name, 'admin@*');
  const { id } = (await person.api('GET', '/whoami')).body;
  const { setPassword } = await import('../../src/identity/sessions/password-login.ts');
  const { openIdentity } = await import('../../src/identity/identity.ts');
  const { openStore } = await import('../../src/store/open-store.ts');
  const { appendEntry } = await import('../../src/evidence/ledger/append.ts');
  const { localOperator } = await import('../../src/identity/permission.ts');
  const store = await openStore({ database: `${served.folder}/cordon.db` });
  const identity = openIdentity({ store, record: appendEntry });
  await setPassword(identity, localOperator('tester'), id, PASSWORD);
  await identity.close();
  await store.close();
  return new Browser();
}

test('a login by password: cookie, token for changes, list, logout', async () => {
  const browser = await withPassword('ann');
  expect((await browser.ask('GET', '/api/v1/login')).status).toBe(200);
  expect((await browser.ask('POST', '/api/v1/login', { name: 'ann', password: 'wrong' })).status).toBe(401);
  expect((await browser.ask('POST', '/api/v1/login', { name: 'nobody', password: PASSWORD })).status).toBe(401);
  expect(browser.secret).toBe('');
  const login = await browser.ask('POST', '/api/v1/login', { name: 'ann', password: PASSWORD });
  const { csrfToken: token } = (await login.json()) as { csrfToken: string };
  expect(login.status).toBe(200);
  expect(login.headers.get('cache-control')).toBe('no-store');
  expect(browser.seen.at(-1)).toMatch(/^cordon_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  expect(await (await browser.ask('GET', '/api/v1/session')).json()).toMatchObject({ name: 'ann', csrfToken: token });
  // Reading is free, changing is not.
  const make = (headers: Record<string, string>) =>
    browser.ask('POST', '/api/v1/keys', { name: 'x' }, headers).then(({ status }) => status);
  const other = new Browser();
  await other.ask('POST', '/api/v1/login', { name: 'ann', password: PASSWORD });
  expect([
    await make({}),
    await make({ 'x-csrf-token': '' }),
    await make({ 'x-csrf-token': csrfToken(other.secret) }),
    await make({ 'x-csrf-token': token }),
  ]).toEqual([403, 403, 403, 200]);
  const sessions = (await (await browser.ask('GET', '/api/v1/sessions')).json()) as { id: string; current: boolean }[];
  expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
  const foreign = sessions.find(({ current }) => !current)!;
  expect((await browser.ask('DELETE', `/api/v1/sessions/${foreign.id}`, undefined, { 'x-csrf-token': token })).status).toBe(200);
  expect((await other.ask('GET', '/api/v1/session')).status).toBe(401);
  const secret = browser.secret;
  expect((await browser.ask('POST', '/api/v1/logout')).status).toBe(403);
  expect((await browser.ask('POST', '/api/v1/logout', undefined, { 'x-csrf-token': token })).status).toBe(200);
  expect(browser.secret).toBe('');
  browser.cookies.set('cordon_session', secret);
  expect((await browser.ask('GET', '/api/v1/session')).status).toBe(401);
});

test('a secret that was planted before the login is not that of the session', async () => {
  const browser = await withPassword('bea');
  await browser.ask('POST', '/api/v1/login', { name: 'bea', password: PASSWORD });
  const planted = browser.secret;
  await browser.ask('POST', '/api/v1/login', { name: 'bea', password: PASSWORD });
  expect(browser.secret).not.toBe(planted);
  const thief = new Browser();
  thief.cookies.set('cordon_session', planted);
  expect((await thief.ask('GET', '/api/v1/session')).status).toBe(401);
  browser.cookies.set('cordon_session', 'chosen-by-somebody');
  await browser.ask('POST', '/api/v1/login', { name: 'bea', password: PASSWORD });
  expect(browser.secret).not.toBe('chosen-by-somebody');
});

test('a session is no key for the protocols, a second cookie is none, and other sites log nobody in', async () => {
  const browser = await withPassword('cora');
  expect(
    (await browser.ask('POST', '/api/v1/login', { name: 'cora', password: PASSWORD }, { 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403);
  const form = await fetch(`${url}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({ name: 'cora', password: PASSWORD }),
  });
  expect(form.status).toBe(400);
  await browser.ask('POST', '/api/v1/login', { name: 'cora', password: PASSWORD });
  for (const path of ['/hf/api/whoami-v2', '/mlflow/api/2.0/mlflow/experiments/search?max_results=1', '/v1/models'])
    expect((await browser.ask('GET', path)).status, path).toBe(401);
  const twice = await fetch(`${url}/api/v1/session`, {
    headers: { cookie: `cordon_session=${browser.secret}; cordon_session=${browser.secret}` },
  });
  expect(twice.status).toBe(401);
  const asKey = await fetch(`${url}/api/v1/whoami`, { headers: { authorization: `Bearer ${browser.secret}` } });
  expect(asKey.status).toBe(401);
});

test('a key without scopes opens a session, one with scopes does not', async () => {
  const browser = new Browser();
  expect((await browser.ask('POST', '/api/v1/login', { key: served.admin.key })).status).toBe(200);
  expect(await (await browser.ask('GET', '/api/v1/session')).json()).toMatchObject({ name: 'admin' });
  const scoped = (await served.admin.api('POST', '/keys', { name: 'narrow', scopes: { actions: ['read'] } })).body.secret as string;
  expect((await new Browser().ask('POST', '/api/v1/login', { key: scoped })).status).toBe(403);
  expect((await new Browser().ask('POST', '/api/v1/login', { key: 'nonsense' })).status).toBe(401);
});

test('a login at a real identity provider, end to end', async () => {
  const browser = new Browser();
  const issuer = encodeURIComponent(provider.issuer);
  const start = await browser.ask('GET', `/api/v1/login/oidc?issuer=${issuer}`);
  expect(start.status).toBe(302);
  expect(browser.seen[0]).toMatch(/^cordon_login=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  const end = await browser.browse(`${start.headers.get('location')}&login_hint=dora`);
  expect([end.status, end.headers.get('location')]).toEqual([302, '/']);
  expect(browser.cookies.has('cordon_login')).toBe(false);
  expect(await (await browser.ask('GET', '/api/v1/session')).json()).toMatchObject({ name: 'dora' });
  expect(await (await browser.ask('GET', '/api/v1/whoami')).json()).toMatchObject({ kind: 'user', groups: ['dora-group', 'ml-team'] });
});

test('an answer of the provider that was not asked for in this browser logs nobody in', async () => {
  const [victim, attacker] = [new Browser(), new Browser()];
  const issuer = encodeURIComponent(provider.issuer);
  const start = await attacker.ask('GET', `/api/v1/login/oidc?issuer=${issuer}`);
  // The attacker stops before the last step and sends its address to the victim.
  let at = `${start.headers.get('location')}&login_hint=mallory`;
  while (!at.startsWith(`${url}/api`)) at = new URL((await attacker.ask('GET', at)).headers.get('location')!, at).href;
  expect((await victim.ask('GET', at)).status).toBe(403);
  await victim.ask('GET', `/api/v1/login/oidc?issuer=${issuer}`);
  expect((await victim.ask('GET', at)).status).toBe(403);
  expect(victim.secret).toBe('');
  const odd = Buffer.from(
    JSON.stringify({
      issuer: provider.issuer,
      redirectUri: 'https://evil.example/cb',
      state: 'x'.repeat(30),
      nonce: 'x'.repeat(30),
      codeVerifier: 'x'.repeat(30),
    }),
  );
  victim.cookies.set('cordon_login', odd.toString('base64url'));
  expect((await victim.ask('GET', at)).status).toBe(403);
  expect((await victim.ask('GET', '/api/v1/login/oidc?issuer=https://evil.example')).status).toBeGreaterThanOrEqual(400);
  // Its owner can still use it once.
  expect((await attacker.ask('GET', at)).status).toBe(302);
  expect((await attacker.ask('GET', at)).status).toBe(403);
});

test('client credentials of the provider make a service, also for the gateway', async () => {
  const token = await provider.clientCredentials();
  const who = await fetch(`${url}/api/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
  expect(await who.json()).toMatchObject({ kind: 'service' });
  const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  expect(models.status).not.toBe(401);
  const wrong = await provider.sign({ iss: provider.issuer, aud: 'https://other.example', sub: 'ci', iat: 1, exp: 4_000_000_000 });
  expect((await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${wrong}` } })).status).toBe(401);
});

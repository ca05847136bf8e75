import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, exportSPKI, importJWK, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AccessConfig } from '../../src/core/access-config.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { type Identity, openIdentity } from '../../src/identity/identity.ts';
import { beginLogin, finishLogin } from '../../src/identity/oidc/login.ts';
import { OidcVerifier } from '../../src/identity/oidc/verifier.ts';
import { localOperator, type Principal } from '../../src/identity/permission.ts';
import { createPrincipal, listPrincipals, setDisabled } from '../../src/identity/principals/manage.ts';
import { grantRole } from '../../src/identity/principals/roles.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import { createToken } from '../../src/identity/tokens/manage.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { browse, REDIRECT, startProvider, type TestProvider } from './identity-provider.ts';

let provider: TestProvider;
let store: Store;
let identity: Identity;
let clock: number;
let refusals: { reason: string }[];
const root = localOperator('tester');

beforeAll(async () => {
  // The provider tells developers about its defaults.
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  provider = await startProvider();
  process.env['TEST_CLIENT_SECRET'] = 'console-secret';
});
afterAll(async () => {
  vi.restoreAllMocks();
  delete process.env['TEST_CLIENT_SECRET'];
  await provider.close();
});
beforeEach(async () => {
  clock = Date.now();
  refusals = [];
  store = await openStore({ database: ':memory:' });
  identity = open();
  return async () => {
    await identity.close();
    await store.close();
  };
});

function open(changes: object = {}): Identity {
  const access = AccessConfig.parse({
    groups: { 'ml-team': [{ role: 'contributor', on: 'acme' }] },
    oidc: [
      { issuer: provider.issuer, audience: [provider.audience], clientId: 'console', clientSecretEnv: 'TEST_CLIENT_SECRET', ...changes },
    ],
  });
  const log = { info: () => {}, error: () => {}, warn: (fields: object) => void refusals.push(fields as { reason: string }) };
  return openIdentity({ store, access, record: appendEntry, now: () => clock, log });
}

const bearer = async (token: string): Promise<Principal | undefined> => await authenticate(identity, { kind: 'bearer', token });

function claims(changes: object = {}): object {
  const seconds = Math.floor(clock / 1000);
  return { iss: provider.issuer, aud: provider.audience, sub: 'alice', iat: seconds, exp: seconds + 600, ...changes };
}

test('client credentials of a real provider', async () => {
  const ci = (await bearer(await provider.clientCredentials()))!;
  expect([ci.kind, ci.credential.kind, ci.can('read', 'acme')]).toEqual(['service', 'oidc', false]);
  await grantRole(identity, root, { holder: `principal:${ci.id}`, role: 'reader', on: 'acme' });
  const again = (await bearer(await provider.clientCredentials()))!;
  expect([again.id, again.can('read', 'acme')]).toEqual([ci.id, true]);
  await setDisabled(identity, root, ci.id, true);
  expect(await bearer(await provider.clientCredentials())).toBeUndefined();
});

test('whoever turns out to be a program is one with every credential', async () => {
  const now = Math.floor(clock / 1000);
  const robot = { iss: provider.issuer, aud: provider.audience, sub: 'robot', iat: now, exp: now + 600, preferred_username: 'robot' };
  expect((await bearer(await provider.sign(robot)))?.kind).toBe('user');
  expect((await bearer(await provider.sign({ ...robot, gty: 'client-credentials' })))?.kind).toBe('service');
  expect((await bearer(await provider.sign(robot)))?.kind).toBe('service');
});

test('the same person on two first requests is one principal', async () => {
  const token = await provider.sign(claims());
  const seen = await Promise.all(Array.from({ length: 5 }, () => bearer(token)));
  expect(new Set(seen.map((principal) => principal?.id)).size).toBe(1);
  expect(await listPrincipals(identity, root)).toHaveLength(1);
});

test('groups give roles, and count for tokens for a while', async () => {
  const alice = (await bearer(await provider.sign(claims({ groups: ['ml-team', 7, 'x'.repeat(500)] }))))!;
  expect([alice.groups, alice.can('write', 'acme/bert'), alice.can('write', 'other')]).toEqual([['ml-team'], true, false]);
  const { secret } = await createToken(identity, alice, { principal: alice.id, name: 'laptop' });
  expect((await bearer(secret))?.can('write', 'acme/bert')).toBe(true);
  // A token that says nothing of groups gives none, and takes none from the others.
  expect((await bearer(await provider.sign(claims())))?.can('write', 'acme/bert')).toBe(false);
  expect((await bearer(secret))?.can('write', 'acme/bert')).toBe(true);
  await bearer(await provider.sign(claims({ groups: [] })));
  expect((await bearer(secret))?.can('write', 'acme/bert')).toBe(false);
  await bearer(await provider.sign(claims({ groups: ['ml-team'] })));
  clock += 31 * 86_400_000;
  expect((await bearer(secret))?.can('write', 'acme/bert')).toBe(false);
});

test('nested claims and prefixes of groups', async () => {
  identity = open({ groupsClaim: 'realm_access.roles', groupPrefix: 'kc:' });
  expect((await bearer(await provider.sign(claims({ realm_access: { roles: ['b', 'a'] } }))))?.groups).toEqual(['kc:a', 'kc:b']);
  identity = open({ groupsClaim: 'https://example.com/groups' });
  expect((await bearer(await provider.sign(claims({ 'https://example.com/groups': 'one' }))))?.groups).toEqual(['one']);
});

test('nobody becomes somebody else by a name or an e-mail address', async () => {
  await createPrincipal(identity, root, { name: 'admin', kind: 'user', email: 'admin@example.com' });
  const mallory = (await bearer(await provider.sign(claims({ sub: 'mallory', preferred_username: 'admin', email: 'admin@example.com' }))))!;
  expect(mallory.name).toMatch(/^admin-[0-9a-f]{12}$/);
  await grantRole(identity, root, { holder: 'group:g', role: 'reader', on: 'acme' });
  expect((await bearer(await provider.sign(claims({ sub: 'm2', preferred_username: 'ACME' }))))!.name).toMatch(/^acme-/);
  expect((await bearer(await provider.sign(claims({ sub: 'm3', preferred_username: '../../é' }))))!.name).toMatch(/^user-[0-9a-f]{12}$/);
});

test('a provider that may not make principals serves those an administrator made', async () => {
  identity = open({ provision: false });
  expect(await bearer(await provider.sign(claims()))).toBeUndefined();
  await createPrincipal(identity, root, { name: 'alice', kind: 'user', oidc: { issuer: provider.issuer, subject: 'alice' } });
  expect((await bearer(await provider.sign(claims())))?.name).toBe('alice');
});

test('keys rotate', async () => {
  const { config } = identity.rules.issuers.get(provider.issuer)!;
  const issuers = new Map([[provider.issuer, new OidcVerifier(config, { cooldownMs: 0 })]]);
  identity = { ...identity, rules: { ...identity.rules, issuers } };
  const before = await provider.sign(claims());
  expect(await bearer(before)).toBeDefined();
  await provider.rotate();
  expect(await bearer(await provider.sign(claims({ sub: 'bob' })))).toBeDefined();
  // Verified a moment ago, then not any more: its key is gone.
  expect(await bearer(before)).toBeDefined();
  clock += 61_000;
  expect(await bearer(before)).toBeUndefined();
});

test('unknown keys do not make us ask again and again', async () => {
  await bearer(await provider.sign(claims()));
  const asked = provider.keyRequests();
  for (let index = 0; index < 20; index++) expect(await bearer(await provider.sign(claims(), { kid: `unknown-${index}` }))).toBeUndefined();
  expect(provider.keyRequests() - asked).toBeLessThanOrEqual(1);
});

const wrong: Record<string, () => object> = {
  'another audience': () => claims({ aud: 'https://other.example' }),
  'no audience': () => claims({ aud: undefined }),
  'another issuer': () => claims({ iss: 'https://evil.example' }),
  'no issuer': () => claims({ iss: undefined }),
  'issuer with a slash': () => claims({ iss: `${provider.issuer}/` }),
  expired: () => claims({ exp: Math.floor(clock / 1000) - 61 }),
  'no expiry': () => claims({ exp: undefined }),
  'not yet valid': () => claims({ nbf: Math.floor(clock / 1000) + 120 }),
  'issued in the future': () => claims({ iat: Math.floor(clock / 1000) + 120 }),
  'no issue time': () => claims({ iat: undefined }),
  'no subject': () => claims({ sub: undefined }),
  'empty subject': () => claims({ sub: '' }),
  'a subject that is no text': () => claims({ sub: 7 }),
  'times that are no numbers': () => claims({ exp: 'never' }),
};
test.each(Object.entries(wrong))('%s', async (_name, make) => {
  expect(await bearer(await provider.sign(make()))).toBeUndefined();
  expect(refusals).toHaveLength(1);
});

test('clocks may differ a little', async () => {
  const seconds = Math.floor(clock / 1000);
  expect(await bearer(await provider.sign(claims({ exp: seconds - 30, iat: seconds - 90 })))).toBeDefined();
  expect(await bearer(await provider.sign(claims({ nbf: seconds + 30, iat: seconds + 30 })))).toBeDefined();
});

test('algorithms cannot be confused', async () => {
  const payload = base64url.encode(JSON.stringify(claims()));
  const pem = await exportSPKI((await importJWK(provider.publicKey(), 'RS256', { extractable: true })) as Parameters<typeof exportSPKI>[0]);
  const jwk = JSON.stringify(provider.publicKey());
  for (const secret of [pem, pem.trim(), jwk, provider.publicKey().n!, '']) {
    for (const alg of ['HS256', 'HS512']) {
      const head = base64url.encode(JSON.stringify({ alg, kid: provider.publicKey().kid, typ: 'JWT' }));
      const mac = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
        .update(`${head}.${payload}`)
        .digest('base64url');
      expect(await bearer(`${head}.${payload}.${mac}`)).toBeUndefined();
    }
  }
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    expect(await bearer(`${base64url.encode(JSON.stringify({ alg }))}.${payload}.`)).toBeUndefined();
    expect(await bearer(`${base64url.encode(JSON.stringify({ alg, kid: provider.publicKey().kid }))}.${payload}.AAAA`)).toBeUndefined();
  }
  expect(await bearer(new UnsecuredJWT({ ...claims() }).encode())).toBeUndefined();
  const good = await provider.sign(claims());
  const [head, , signature] = good.split('.');
  expect(await bearer(`${head}.${base64url.encode(JSON.stringify(claims({ sub: 'root' })))}.${signature}`)).toBeUndefined();
  // Keys and addresses of keys inside the token are not followed.
  expect(await bearer(await provider.sign(claims(), { kid: 'x', jku: 'http://127.0.0.1:9/', jwk: provider.publicKey() }))).toBeUndefined();
  expect(await bearer(await provider.sign(claims(), { typ: 'logout+jwt' }))).toBeUndefined();
  expect(await bearer(await provider.sign(claims(), { typ: 'at+jwt' }))).toBeDefined();
  expect(await listPrincipals(identity, root)).toHaveLength(1);
});

test('a provider that is down, lies about who it is, or sends too much', async () => {
  const answers: Record<string, string> = {
    lies: '{"issuer":"https://other.example","jwks_uri":"https://other.example/jwks"}',
    flood: 'x'.repeat(2 ** 21),
    junk: '<html>',
  };
  const server = createServer((request, response) => void response.end(answers[request.url!.split('/')[1]!]));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [issuer, reason] of [
    [`${at}/lies`, 'says that it is'],
    [`${at}/flood`, 'more than'],
    [`${at}/junk`, 'not JSON'],
    ['http://127.0.0.1:1', 'did not answer'],
  ] as const) {
    const config = AccessConfig.parse({ oidc: [{ issuer, audience: ['x'] }] });
    const other = openIdentity({ store, access: config, record: appendEntry, now: () => clock, log: { ...identity.log } });
    refusals = [];
    expect(await authenticate(other, { kind: 'bearer', token: await provider.sign(claims({ iss: issuer, aud: 'x' })) })).toBeUndefined();
    expect(refusals[0]?.reason).toContain(reason);
    await other.close();
  }
  server.close();
});

test('login by authorization code with PKCE', async () => {
  const { url, pending } = await beginLogin(identity, provider.issuer, REDIRECT);
  const answer = await browse(`${url}&login_hint=carol`);
  const carol = await finishLogin(identity, pending, answer);
  expect(carol.name).toBe('carol');
  const session = await createSession(identity, carol, { lifetimeMs: 3_600_000, method: 'oidc' });
  const principal = (await authenticate(identity, { kind: 'session', secret: session.secret }))!;
  expect([principal.id, principal.can('write', 'acme/bert')]).toEqual([carol.id, true]);
  await expect(finishLogin(identity, pending, answer)).rejects.toThrow('did not accept the code');
});

test('logins that do not fit together are refused', async () => {
  const first = await beginLogin(identity, provider.issuer, REDIRECT);
  const second = await beginLogin(identity, provider.issuer, REDIRECT);
  const answer = await browse(`${first.url}&login_hint=dave`);
  const change = (name: string, value: string): URLSearchParams => {
    const copy = new URLSearchParams(answer);
    copy.set(name, value);
    return copy;
  };
  await expect(finishLogin(identity, second.pending, answer)).rejects.toThrow('not started in this browser');
  await expect(finishLogin(identity, first.pending, change('iss', 'https://evil.example'))).rejects.toThrow('another issuer');
  await expect(
    finishLogin(identity, first.pending, new URLSearchParams({ state: first.pending.state, iss: provider.issuer, error: 'access_denied' })),
  ).rejects.toThrow('access_denied');
  await expect(finishLogin(identity, { ...first.pending, codeVerifier: second.pending.codeVerifier }, answer)).rejects.toThrow(
    'did not accept the code',
  );
  const third = await beginLogin(identity, provider.issuer, REDIRECT);
  await expect(
    finishLogin(identity, { ...third.pending, nonce: first.pending.nonce }, await browse(`${third.url}&login_hint=dave`)),
  ).rejects.toThrow('another login');
  expect(await listPrincipals(identity, root)).toEqual([]);
});

test('issuers are addressed safely', () => {
  const issuer = (url: string): boolean => AccessConfig.safeParse({ oidc: [{ issuer: url, audience: ['x'] }] }).success;
  expect(['https://id.example', 'http://localhost:8080/realm', 'http://127.0.0.1'].map(issuer)).toEqual([true, true, true]);
  expect(['http://id.example', 'http://localhost.evil.com', 'http://127.0.0.1.evil.com', 'file:///etc', 'x'].map(issuer)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  const two = { oidc: ['https://a.example', 'https://b.example'].map((url) => ({ issuer: url, audience: ['x'] })) };
  expect(AccessConfig.safeParse(two).success).toBe(false);
  expect(AccessConfig.safeParse({ oidc: [{ issuer: 'https://a.example', audience: ['x'], algorithms: ['HS256'] }] }).success).toBe(false);
});

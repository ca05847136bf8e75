import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessConfig } from '../../src/core/access-config.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { credentialFromHeader } from '../../src/identity/credential.ts';
import { createFirstAdmin } from '../../src/identity/first-admin.ts';
import { type Identity, openIdentity } from '../../src/identity/identity.ts';
import { localOperator, type Principal } from '../../src/identity/permission.ts';
import { createPrincipal, findPrincipal, listPrincipals, setDisabled } from '../../src/identity/principals/manage.ts';
import { grantRole, listRoles, revokeRole } from '../../src/identity/principals/roles.ts';
import { createSession, csrfToken, endSession, verifyCsrfToken } from '../../src/identity/sessions/session.ts';
import { createToken, listTokens, revokeToken, rotateToken } from '../../src/identity/tokens/manage.ts';
import { cordonToken } from '../../src/patterns/secrets/cordon-token.ts';
import type { Store } from '../../src/store/open-store.ts';
import { type Database, DATABASES } from '../store/databases.ts';

const HOUR = 3_600_000;
const code = (expected: string) => expect.objectContaining({ code: expected });

describe.each(DATABASES.filter(({ name }) => name !== 'SQLite in memory'))('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  let identity: Identity;
  let clock = 1_800_000_000_000;
  const refusals: unknown[] = [];
  const root = localOperator('tester');

  function open(on: Store): Identity {
    const access = AccessConfig.parse({ roles: { promoter: ['promote'] } });
    const log = { info: () => {}, error: () => {}, warn: (fields: object) => void refusals.push(fields) };
    return openIdentity({ store: on, access, record: appendEntry, now: () => clock, log });
  }
  beforeEach(async () => {
    database = await create();
    store = await database.open();
    identity = open(store);
    refusals.length = 0;
  });
  afterEach(async () => {
    await identity.close();
    await store.close();
    await database.remove();
  });
  const login = async (secret: string): Promise<Principal | undefined> => await authenticate(identity, { kind: 'bearer', token: secret });
  const kinds = async (): Promise<string[]> =>
    (await store.db.selectFrom('ledger').select('kind').orderBy('position').execute()).map(({ kind }) => kind);
  async function person(name: string, role?: string, on = '*'): Promise<{ id: string; who: Principal; secret: string }> {
    const { id } = await createPrincipal(identity, root, { name, kind: 'user' });
    if (role !== undefined) await grantRole(identity, root, { holder: `principal:${id}`, role, on });
    const { secret } = await createToken(identity, root, { principal: id, name: 'test' });
    return { id, who: (await login(secret))!, secret };
  }

  test('the first administrator is made once, also by servers that start together', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => createFirstAdmin(identity)));
    const [created, ...more] = made.filter((item) => item !== undefined);
    expect(more).toEqual([]);
    expect((await login(created!.secret))?.can('admin', '*')).toBe(true);
    expect(await createFirstAdmin(identity)).toBeUndefined();
    expect(await kinds()).toEqual(['principal.created', 'role.granted', 'token.created']);
  });

  test('the secret is nowhere in the database', async () => {
    const { secret } = await person('alice', 'reader');
    const everything = JSON.stringify([
      await store.db.selectFrom('token').selectAll().execute(),
      await store.db.selectFrom('ledger').selectAll().execute(),
    ]);
    expect(everything).not.toContain(secret.slice(14));
    expect(JSON.stringify(await listTokens(identity, root))).not.toContain('"hash"');
    expect(JSON.stringify(await listPrincipals(identity, root))).not.toContain('password');
  });

  test('roles are given, counted and taken with the next request', async () => {
    const { id, secret } = await person('alice', 'contributor', 'acme');
    const alice = (await login(secret))!;
    expect([alice.can('write', 'acme/bert'), alice.can('approve', 'acme/bert'), alice.can('read', 'other')]).toEqual([true, false, false]);
    await revokeRole(identity, root, { holder: `principal:${id}`, role: 'contributor', on: 'acme' });
    expect((await login(secret))!.can('read', 'acme/bert')).toBe(false);
    await grantRole(identity, root, { holder: `principal:${id}`, role: 'promoter', on: 'acme/bert' });
    await grantRole(identity, root, { holder: `principal:${id}`, role: 'promoter', on: 'acme/bert' });
    const promoter = (await login(secret))!;
    expect([promoter.can('promote', 'acme/bert'), promoter.can('promote', 'acme'), promoter.can('read', 'acme/bert')]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await listRoles(identity, root, 'acme/bert')).map(({ role }) => role)).toEqual(['promoter']);
    expect((await kinds()).filter((kind) => kind.startsWith('role.'))).toEqual(['role.granted', 'role.revoked', 'role.granted']);
    await expect(revokeRole(identity, root, { holder: `principal:${id}`, role: 'reader', on: 'acme' })).rejects.toThrow('nobody holds');
  });

  test('expired, revoked and disabled credentials are refused, and nobody is told why', async () => {
    const { id, secret } = await person('alice', 'admin');
    const short = await createToken(identity, root, { principal: id, name: 'short', expiresAt: clock + HOUR });
    expect(await login(short.secret)).toBeDefined();
    clock += HOUR;
    expect(await login(short.secret)).toBeUndefined();
    const other = await createToken(identity, root, { principal: id, name: 'other' });
    await revokeToken(identity, root, other.token.id);
    expect(await login(other.secret)).toBeUndefined();
    await setDisabled(identity, root, id, true);
    expect(await login(secret)).toBeUndefined();
    await setDisabled(identity, root, id, false);
    expect(await login(secret)).toBeDefined();
    expect(refusals.map((refusal) => (refusal as { reason: string }).reason)).toEqual([
      'the token has expired',
      'the token was revoked',
      'the principal is disabled',
    ]);
    expect(JSON.stringify(refusals)).not.toContain('cordon_');
  });

  test('rotation overlaps', async () => {
    const { id, who } = await person('alice', 'reader');
    const first = await createToken(identity, root, { principal: id, name: 'ci', scopes: { namespaces: ['acme'] } });
    const second = await rotateToken(identity, who, first.token.id, { overlapMs: HOUR });
    expect(second.token).toMatchObject({ name: 'ci', scopes: { namespaces: ['acme'] } });
    expect([await login(first.secret), await login(second.secret)].map(Boolean)).toEqual([true, true]);
    clock += HOUR;
    expect([await login(first.secret), await login(second.secret)].map(Boolean)).toEqual([false, true]);
    await expect(rotateToken(identity, who, first.token.id, { overlapMs: 0 })).rejects.toThrow('not valid any more');
  });

  test('a token makes no token that allows more or lives longer', async () => {
    const { id, secret } = await person('alice', 'admin');
    const scoped = await createToken(identity, root, {
      principal: id,
      name: 'scoped',
      scopes: { actions: ['read', 'admin'], namespaces: ['acme'] },
      expiresAt: clock + HOUR,
    });
    const narrow = (await login(scoped.secret))!;
    const child = await createToken(identity, narrow, { principal: id, name: 'child', scopes: { actions: ['read', 'write'] } });
    expect(child.token.scopes).toEqual({ actions: ['read'], namespaces: ['acme'] });
    expect(child.token.expires_at).toBe(clock + HOUR);
    const reading = (await login(child.secret))!;
    await expect(createToken(identity, reading, { principal: id, name: 'sibling' })).rejects.toEqual(code('access.denied'));
    await expect(grantRole(identity, narrow, { holder: 'group:all', role: 'admin', on: 'acme' })).rejects.toEqual(code('access.denied'));
    // A whole credential may.
    await grantRole(identity, (await login(secret))!, { holder: 'group:all', role: 'admin', on: 'acme' });
  });

  test('with a stolen token goes all that was made with it, when that is asked for', async () => {
    const { id, who, secret } = await person('ann');
    const stolen = who.credential.id ?? '';
    const child = await createToken(identity, who, { principal: id, name: 'child' });
    const thief = (await login(child.secret))!;
    const grandchild = await createToken(identity, thief, { principal: id, name: 'grandchild' });
    const successor = await rotateToken(identity, thief, child.token.id, { overlapMs: HOUR });
    const own = await createToken(identity, root, { principal: id, name: 'other' });
    expect(await revokeToken(identity, root, stolen)).toEqual([stolen]);
    expect(await login(secret)).toBeUndefined();
    expect(await login(grandchild.secret)).toBeDefined();
    const ended = await revokeToken(identity, root, stolen, { cascade: true });
    expect(ended.toSorted()).toEqual([child.token.id, grandchild.token.id, successor.token.id].toSorted());
    for (const gone of [child, grandchild, successor]) expect(await login(gone.secret)).toBeUndefined();
    expect(await login(own.secret)).toBeDefined();
    const listed = await listTokens(identity, root, undefined);
    expect(listed.find((token) => token.id === grandchild.token.id)?.made_with).toBe(child.token.id);
    expect((await kinds()).filter((kind) => kind === 'token.revoked')).toHaveLength(4);
  });

  test('nobody manages what they do not manage', async () => {
    const { id: alice, who } = await person('alice', 'admin', 'acme');
    const { id: bob, who: bobby } = await person('bob', 'approver');
    const [theirs] = await listTokens(identity, root, bob);
    for (const attempt of [
      () => createPrincipal(identity, who, { name: 'eve', kind: 'user' }),
      () => setDisabled(identity, who, bob, true),
      () => createToken(identity, who, { principal: bob, name: 'x' }),
      () => listTokens(identity, who, bob),
      () => listPrincipals(identity, who),
      () => grantRole(identity, who, { holder: `principal:${alice}`, role: 'reader', on: 'other' }),
      () => grantRole(identity, who, { holder: `principal:${alice}`, role: 'admin', on: '*' }),
      () => grantRole(identity, bobby, { holder: `principal:${bob}`, role: 'admin', on: 'acme' }),
      () => revokeRole(identity, who, { holder: `principal:${bob}`, role: 'approver', on: '*' }),
    ]) {
      await expect(attempt()).rejects.toEqual(code('access.denied'));
    }
    await expect(revokeToken(identity, who, theirs!.id)).rejects.toThrow('no such token');
    await expect(rotateToken(identity, who, theirs!.id, { overlapMs: 0 })).rejects.toThrow('no such token');
    await grantRole(identity, who, { holder: `principal:${bob}`, role: 'admin', on: 'acme' });
    await revokeToken(identity, bobby, theirs!.id);
  });

  test('names of namespaces in use are not given to newcomers', async () => {
    await grantRole(identity, root, { holder: 'group:ml', role: 'reader', on: 'acme' });
    for (const name of ['acme', 'mlflow', 'Upper', '../x', '', 'a b', '-a', 'ä']) {
      await expect(createPrincipal(identity, root, { name, kind: 'user' })).rejects.toThrow();
    }
    const alice = await createPrincipal(identity, root, { name: 'alice', kind: 'user', ownNamespace: true });
    await expect(createPrincipal(identity, root, { name: 'alice', kind: 'service' })).rejects.toEqual(code('registry.conflict'));
    const { secret } = await createToken(identity, root, { principal: alice.id, name: 'x' });
    expect((await login(secret))!.can('write', 'alice/model')).toBe(true);
    expect((await findPrincipal(identity, 'alice'))?.id).toBe(alice.id);
  });

  test('scopes that this version does not know refuse the token', async () => {
    const { id, secret } = await person('alice', 'admin');
    await store.db.updateTable('token').set({ scopes: '{"planets":["mars"]}' }).where('principal_id', '=', id).execute();
    expect(await login(secret)).toBeUndefined();
  });

  test('when a token was last used is written in batches', async () => {
    const { secret, id } = await person('alice', 'reader');
    await login(secret);
    expect((await listTokens(identity, root, id))[0]?.last_used_at).toBeNull();
    await identity.usage.flush();
    expect((await listTokens(identity, root, id))[0]?.last_used_at).toBe(clock);
  });

  test('sessions and their forms', async () => {
    const { id, who } = await person('alice', 'reader', 'acme');
    const session = await createSession(identity, who, { lifetimeMs: HOUR, method: 'token' });
    const present = (): Promise<Principal | undefined> => authenticate(identity, { kind: 'session', secret: session.secret });
    expect((await present())?.id).toBe(id);
    expect((await present())?.can('read', 'acme/x')).toBe(true);
    const csrf = csrfToken(session.secret);
    expect([csrf, `${csrf}x`, '', undefined].map((token) => verifyCsrfToken(session.secret, token))).toEqual([true, false, false, false]);
    expect(await login(session.secret)).toBeUndefined();
    clock += HOUR;
    expect(await present()).toBeUndefined();
    clock -= HOUR;
    await endSession(identity, session.id);
    expect(await present()).toBeUndefined();
  });

  test('an act and its evidence are one: without the ledger there is no act', async () => {
    const failing: Identity = { ...identity, record: () => Promise.reject(new Error('ledger')) };
    await expect(createPrincipal(failing, root, { name: 'alice', kind: 'user' })).rejects.toThrow('ledger');
    expect(await findPrincipal(identity, 'alice')).toBeUndefined();
  });

  test('nobody gets in by chance', async () => {
    const { secret } = await person('alice', 'admin');
    const near = fc
      .nat({ max: secret.length - 1 })
      .map((at) => secret.slice(0, at) + (secret[at] === 'a' ? 'b' : 'a') + secret.slice(at + 1));
    const made = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => cordonToken(bytes));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          near,
          made,
          fc.base64String().map((text) => `${text}.${text}.`),
        ),
        async (token) => {
          fc.pre(token !== secret);
          expect(await login(token)).toBeUndefined();
          expect(await authenticate(identity, { kind: 'session', secret: token })).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
    for (const token of [
      secret.toUpperCase(),
      ` ${secret}`,
      `${secret} `,
      secret.slice(0, 14),
      randomBytes(32).toString('hex'),
      "' or 1=1 --",
      '%',
      'a'.repeat(1e6),
    ]) {
      expect(await login(token)).toBeUndefined();
    }
  });
});

test('credentials in headers', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  expect(credentialFromHeader('Bearer abc')).toEqual({ kind: 'bearer', token: 'abc' });
  expect(credentialFromHeader('bearer   abc ')).toEqual({ kind: 'bearer', token: 'abc' });
  expect(credentialFromHeader(basic('anybody:cordon_x'))).toEqual({ kind: 'bearer', token: 'cordon_x' });
  expect(credentialFromHeader(basic(':a:b'))).toEqual({ kind: 'bearer', token: 'a:b' });
  for (const header of [
    undefined,
    '',
    'Bearer',
    'Bearer a b',
    'Digest abc',
    basic('nobody'),
    basic('name:'),
    `Bearer ${'a'.repeat(20_000)}`,
    'Bearer ä',
  ]) {
    expect(credentialFromHeader(header)).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (header) => void credentialFromHeader(header)));
});

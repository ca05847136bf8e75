import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AccessConfig } from '../../src/core/access-config.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { accessChanges } from '../../src/identity/access-changes.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { type Identity, openIdentity } from '../../src/identity/identity.ts';
import { localOperator, type Principal } from '../../src/identity/permission.ts';
import { createPrincipal } from '../../src/identity/principals/manage.ts';
import { grantRole } from '../../src/identity/principals/roles.ts';
import { createToken } from '../../src/identity/tokens/manage.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { startProvider, type TestProvider } from './identity-provider.ts';

let provider: TestProvider;
let other: TestProvider;
let store: Store;
let identity: Identity;
const root = localOperator('tester');

beforeAll(async () => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  [provider, other] = [await startProvider(), await startProvider()];
});
afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([provider.close(), other.close()]);
});
beforeEach(async () => {
  store = await openStore({ database: ':memory:' });
  identity = openIdentity({ store, access: AccessConfig.parse({ oidc: [issuer()] }), record: appendEntry });
  return async () => {
    await identity.close();
    await store.close();
  };
});

const issuer = (changes: object = {}, { issuer: at, audience } = provider) => ({ issuer: at, audience: [audience], ...changes });
const source = (access: object, trustedProxies: string[] = []) => ({ access: AccessConfig.parse(access), server: { trustedProxies } });
const reload = (access: object): void => identity.prepare(source(access))();
const bearer = (token: string): Promise<Principal | undefined> => authenticate(identity, { kind: 'bearer', token });

function jwt(changes: object = {}, from = provider): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  return from.sign({ iss: from.issuer, aud: from.audience, sub: 'alice', iat: seconds, exp: seconds + 600, ...changes });
}

async function key(role: string): Promise<string> {
  const { id } = await createPrincipal(identity, root, { name: 'ann', kind: 'user' });
  await grantRole(identity, root, { holder: `principal:${id}`, role, on: '*' });
  return (await createToken(identity, root, { principal: id, name: 'app', scopes: {} })).secret;
}

test('roles count as they are now, also for who was known before', async () => {
  reload({ roles: { tester: ['read'] } });
  const secret = await key('tester');
  const can = async () => [who?.can('read', 'acme/bert'), who?.can('write', 'acme/bert')];
  let who = await bearer(secret);
  expect(await can()).toEqual([true, false]);
  reload({ roles: { tester: ['write'] } });
  who = await bearer(secret);
  expect(await can()).toEqual([false, true]);
  reload({});
  who = await bearer(secret);
  expect(await can()).toEqual([false, false]);
});

test('groups give what they give now, to those of a login and to those that are remembered', async () => {
  const token = await jwt({ groups: ['ml'] });
  const alice = (await bearer(token))!;
  const { secret } = await createToken(identity, root, { principal: alice.id, name: 'app', scopes: {} });
  const may = async () => [(await bearer(token))!.can('read', 'acme'), (await bearer(secret))!.can('read', 'acme')];
  expect(await may()).toEqual([false, false]);
  reload({ oidc: [issuer()], groups: { ml: [{ role: 'reader' }] } });
  expect(await may()).toEqual([true, true]);
  reload({ oidc: [issuer()], groups: {} });
  expect(await may()).toEqual([false, false]);
  reload({ oidc: [issuer()], groups: { ml: [{ role: 'reader' }] }, groupsKeptDays: 0 });
  expect(await may()).toEqual([true, false]);
});

test('an issuer that stays keeps its keys, one that changed is asked anew, one that is gone is nobody', async () => {
  const token = await jwt();
  expect(await bearer(token)).toBeDefined();
  const asked = provider.keyRequests();
  const verifier = identity.rules.issuers.get(provider.issuer);
  reload({ oidc: [issuer(), issuer({ groupPrefix: 'b:' }, other)], roles: { tester: ['read'] } });
  expect(identity.rules.issuers.get(provider.issuer)).toBe(verifier);
  expect([await bearer(token), await bearer(await jwt({ sub: 'bob' }))].every((one) => one !== undefined)).toBe(true);
  expect(provider.keyRequests()).toBe(asked);
  expect(await bearer(await jwt({}, other))).toBeDefined();
  reload({ oidc: [issuer({ audience: ['somebody else'] })] });
  expect([await bearer(token), await bearer(await jwt({}, other))]).toEqual([undefined, undefined]);
  reload({ oidc: [issuer()] });
  expect(await bearer(token)).toBeDefined();
});

test('what cannot be compiled changes nothing', async () => {
  const { rules } = identity;
  expect(() => identity.prepare(source({ roles: { reader: ['admin'] }, oidc: [] }))).toThrow('built in');
  expect(() => identity.prepare(source({}, ['1:2:3:4:5:6:7:8:9']))).toThrow('no address');
  expect(identity.rules).toBe(rules);
});

test('what is prepared counts when it is put in force, and those who remember are told', () => {
  let told = 0;
  identity.onAct(() => void told++);
  const { rules } = identity;
  const permit = identity.prepare(source({ roles: { tester: ['read'] } }));
  expect([identity.rules === rules, told]).toEqual([true, 0]);
  permit();
  expect([identity.rules.roles.has('tester'), told]).toEqual([true, 1]);
});

test('groups that were remembered under another prefix, or of an issuer that is gone, give nothing', async () => {
  const alice = (await bearer(await jwt({ groups: ['admins'] })))!;
  const { secret } = await createToken(identity, root, { principal: alice.id, name: 'app', scopes: {} });
  const groups = { admins: [{ role: 'admin' }], 'a:admins': [{ role: 'reader' }] };
  const may = async () => {
    const who = (await bearer(secret))!;
    return [who.can('admin', '*'), who.can('read', '*')];
  };
  reload({ oidc: [issuer()], groups });
  expect(await may()).toEqual([true, true]);
  reload({ oidc: [issuer({ groupPrefix: 'a:' }), issuer({}, other)], groups });
  expect(await may()).toEqual([false, false]);
  await bearer(await jwt({ groups: ['admins'] }));
  expect(await may()).toEqual([false, true]);
  reload({ oidc: [issuer({}, other)], groups });
  expect(await may()).toEqual([false, false]);
});

test('an issuer without a prefix speaks for no group of another one', async () => {
  reload({ oidc: [issuer(), issuer({ groupPrefix: 'b:' }, other)], groups: { 'b:admins': [{ role: 'admin' }], ml: [{ role: 'reader' }] } });
  const mine = (await bearer(await jwt({ groups: ['b:admins', 'ml'] })))!;
  expect([mine.groups, mine.can('admin', '*'), mine.can('read', '*')]).toEqual([['ml'], false, true]);
  const theirs = (await bearer(await jwt({ groups: ['admins'] }, other)))!;
  expect([theirs.groups, theirs.can('admin', '*')]).toEqual([['b:admins'], true]);
});

test('what changed is named, and no more of it than an entry of the ledger holds', () => {
  const from = source({ roles: { a: ['read'], b: ['read'] }, groups: { g: [{ role: 'reader' }] }, oidc: [issuer()] });
  const to = source({ roles: { a: ['write'], c: ['read'] }, groups: { g: [{ role: 'reader' }] }, sessionHours: 1 }, ['10.0.0.1']);
  expect(accessChanges(from, from)).toEqual({ changed: [], count: 0 });
  const changed = [`oidc.${provider.issuer}`, 'roles.a', 'roles.b', 'roles.c', 'sessionHours', 'trustedProxies'];
  expect(accessChanges(from, to)).toEqual({ changed, count: 6 });
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${index}${'x'.repeat(400)}`, [{ role: 'reader' }]]));
  const told = accessChanges(source({}), source({ groups: many }));
  expect(told.count).toBe(500);
  expect(JSON.stringify(told).length).toBeLessThan(30_000);
});

test('a group with a role that there is not is refused, by its name', () => {
  expect(() => reload({ groups: { ml: [{ role: 'raeder' }] } })).toThrow(/access\.groups\.ml: there is no role raeder/);
  reload({ roles: { tester: ['read'] }, groups: { ml: [{ role: 'tester' }] } });
  // As a whole or not at all: a role that a group still has cannot be left out.
  expect(() => reload({ groups: { ml: [{ role: 'tester' }] } })).toThrow(/no role tester/);
});

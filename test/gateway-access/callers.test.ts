import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessConfig } from '../../src/core/access-config.ts';
import type { Caller } from '../../src/engine/gateway/call.ts';
import { type ChangeWatch, watchChanges } from '../../src/engine/gateway/changes/watch-changes.ts';
import { type Callers, openCallers } from '../../src/engine/gateway/keys/callers.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import type { Peer } from '../../src/identity/certificates/vouched-name.ts';
import { type Identity, openIdentity } from '../../src/identity/identity.ts';
import { localOperator } from '../../src/identity/permission.ts';
import { createPrincipal, setDisabled } from '../../src/identity/principals/manage.ts';
import { grantRole, revokeRole } from '../../src/identity/principals/roles.ts';
import { createToken, revokeToken, rotateToken } from '../../src/identity/tokens/manage.ts';
import { cordonToken } from '../../src/patterns/secrets/cordon-token.ts';
import type { Store } from '../../src/store/open-store.ts';
import { type Database, DATABASES } from '../store/databases.ts';

const root = localOperator('tester');
const peer: Peer = { address: '198.51.100.7' };
const denied = expect.objectContaining({ code: 'access.denied' });

describe.each(DATABASES.filter(({ name }) => name !== 'SQLite in memory'))('callers on $name', ({ create }) => {
  let database: Database;
  let here: Process;
  let there: Process;
  let clock: number;

  interface Process {
    readonly store: Store;
    readonly identity: Identity;
    readonly watch: ChangeWatch;
    readonly callers: Callers;
    /** Makes every question to the database fail, or not any more. */
    cut(isAway: boolean): void;
  }
  async function start(access: object = {}, server: { trustedProxies: readonly string[] } = { trustedProxies: [] }): Promise<Process> {
    const store = await database.open();
    let isAway = false;
    const failing = (): never => {
      throw new Error('the database is away');
    };
    const shaky: Store = {
      ...store,
      get db() {
        return isAway ? failing() : store.db;
      },
      changes: () => (isAway ? failing() : store.changes()),
    };
    const identity = openIdentity({
      store: shaky,
      access: AccessConfig.parse(access),
      trustedProxies: server.trustedProxies,
      record: appendEntry,
      now: () => clock,
    });
    const watch = await watchChanges({ store: shaky, everyMs: 20, now: () => clock });
    return { store, identity, watch, callers: openCallers({ identity, watch }), cut: (away) => void (isAway = away) };
  }
  async function stop({ watch, identity, store, cut }: Process): Promise<void> {
    cut(false);
    await watch.close();
    await identity.close();
    await store.close();
  }
  beforeEach(async () => {
    clock = 1_800_000_000_000;
    database = await create();
    here = await start();
    there = await start();
  });
  afterEach(async () => {
    await stop(here);
    await stop(there);
    await database.remove();
  });

  async function key(scopes: object = {}, role = 'reader'): Promise<{ id: string; principal: string; secret: string }> {
    const { id } = await createPrincipal(here.identity, root, { name: `p-${randomBytes(4).toString('hex')}`, kind: 'service' });
    await grantRole(here.identity, root, { holder: `principal:${id}`, role, on: '*' });
    const made = await createToken(here.identity, root, { principal: id, name: 'app', scopes });
    return { id: made.token.id, principal: id, secret: made.secret };
  }
  const bearer = (secret: string): IncomingHttpHeaders => ({ authorization: `Bearer ${secret}` });
  const of = async (process: Process, secret: string, at: Peer = peer): Promise<Caller | undefined> =>
    await process.callers.identify(bearer(secret), at);

  test('three headers carry a key; the second time it is answered at once', async () => {
    const { id, secret } = await key();
    for (const headers of [bearer(secret), { 'x-api-key': secret }, { 'api-key': secret }, { ...bearer(secret), 'x-api-key': secret }])
      expect(await here.callers.identify(headers, peer)).toMatchObject({ key: id, ip: '198.51.100.7' });
    expect(here.callers.identify(bearer(secret), { address: '::ffff:198.51.100.7' })).toMatchObject({ key: id, ip: '198.51.100.7' });
  });

  test.each(['revoked', 'disabled', 'role taken', 'rotated away'])('%s: at once here, soon elsewhere', async (how) => {
    const { id, principal, secret } = await key();
    const allowed = async (process: Process): Promise<boolean> => {
      const caller = await of(process, secret);
      return caller !== undefined && process.callers.may({ caller, route: '/v1/x', model: 'm' });
    };
    expect([await allowed(here), await allowed(there)]).toEqual([true, true]);
    if (how === 'revoked') await revokeToken(here.identity, root, id);
    if (how === 'disabled') await setDisabled(here.identity, root, principal, true);
    if (how === 'role taken') await revokeRole(here.identity, root, { holder: `principal:${principal}`, role: 'reader', on: '*' });
    if (how === 'rotated away') await rotateToken(here.identity, root, id, { overlapMs: 0 });
    expect(await allowed(here)).toBe(false);
    await expect.poll(() => allowed(there), { timeout: 5_000 }).toBe(false);
  });

  test('a lookup that began before a revocation is not remembered after it', async () => {
    const { id, secret } = await key();
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      asked.push(of(here, secret));
      if (round === 10) await revokeToken(here.identity, root, id);
    }
    await Promise.all(asked);
    expect(await of(here, secret)).toBeUndefined();
    const looking = here.callers.identify(bearer(secret), peer);
    expect(looking).toBeInstanceOf(Promise);
    await looking;
  });

  test('an expired key ends while it is remembered', async () => {
    const { principal } = await key();
    const { secret } = await createToken(here.identity, root, { principal, name: 'short', expiresAt: clock + 1_000 });
    expect(await of(here, secret)).toBeDefined();
    clock += 1_000;
    expect(await of(here, secret)).toBeUndefined();
  });

  test('without the database, who was verified goes on for a while; nobody else gets in, and nobody by default', async () => {
    const [{ secret }, other] = [await key(), await key()];
    expect(await of(here, secret)).toBeDefined();
    here.cut(true);
    expect(await of(here, secret)).toBeDefined();
    await expect(of(here, other.secret)).rejects.toThrow('away');
    clock += 61_000;
    await expect(of(here, secret)).rejects.toThrow('away');
    here.cut(false);
    expect(await of(here, secret)).toBeDefined();
  });

  test('a rotated key is the same key for limits and blocks', async () => {
    const { id, secret } = await key({ models: ['gpt-*'] });
    const next = await rotateToken(here.identity, root, id, { overlapMs: 60_000 });
    const last = await rotateToken(here.identity, root, next.token.id, { overlapMs: 60_000 });
    const callers = await Promise.all([secret, next.secret, last.secret].map((one) => of(here, one)));
    expect(callers.map((caller) => caller?.key)).toEqual([id, id, id]);
    expect(callers.map((caller) => caller!.principal.credential.id)).toEqual([id, next.token.id, last.token.id]);
  });

  test('scopes: models, routes, tools, addresses, profile and originals', async () => {
    const { callers } = here;
    const { secret } = await key({
      models: ['gpt-*'],
      routes: ['/v1/*'],
      tools: ['search'],
      ips: ['10.0.0.0/8'],
      profile: 'strict',
      seesOriginals: true,
    });
    expect(await of(here, secret)).toBeUndefined();
    const caller = (await of(here, secret, { address: '::ffff:10.1.1.1' }))!;
    const may = (route: string, model: string): boolean => callers.may({ caller, route, model });
    expect([
      may('/v1/chat/completions', 'gpt-5'),
      may('/v1/models', ''),
      may('/v1/x', 'claude'),
      may('/anthropic/v1/messages', 'gpt-5'),
      may('', 'gpt-5'),
    ]).toEqual([true, true, false, false, false]);
    expect([callers.mayUseTool(caller, 'search'), callers.mayUseTool(caller, 'shell'), callers.mayUseTool(caller, '')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([callers.profileOf(caller), callers.seesOriginals(caller)]).toEqual(['strict', true]);
    const plain = (await of(here, (await key()).secret))!;
    expect([callers.profileOf(plain), callers.seesOriginals(plain)]).toEqual([undefined, false]);
    const nobody = (await of(here, (await key({ actions: ['read'] })).secret))!;
    expect(callers.may({ caller: nobody, route: '/v1/x', model: 'gpt-5' })).toBe(false);
    // The registry asks the same: remembered for the gateway or not, an address that does not fit is refused.
    expect(await authenticate(here.identity, { kind: 'bearer', token: secret })).toBeUndefined();
    expect(await authenticate(here.identity, { kind: 'bearer', token: secret }, clock, '10.0.0.1')).toBeDefined();
  });

  // CVE-2026-47101, CVE-2026-47102: fields of a key were stored as its maker asked.
  test('no key allows more than who made it', async () => {
    const { identity, callers } = here;
    const admin = (await of(here, (await key({}, 'admin')).secret))!.principal;
    const user = (await of(here, (await key()).secret))!.principal;
    const own = (who: typeof admin, scopes: object) => createToken(identity, who, { principal: who.id, name: 'x', scopes });
    for (const scopes of [{ profile: 'lax' }, { seesOriginals: true }]) await expect(own(user, scopes)).rejects.toThrow(denied);
    await expect(own(user, { user_role: 'admin' })).rejects.toThrow('scopes');
    await expect(own(user, { allowed_routes: ['*'] })).rejects.toThrow('scopes');
    await expect(createToken(identity, user, { principal: admin.id, name: 'x' })).rejects.toThrow(denied);
    const limited = await own(admin, { limits: { requests: { count: 1, per: 'minute' } } });
    const sees = await own(admin, { seesOriginals: true, profile: 'strict' });
    for (const { secret } of [limited, sees, await own(admin, { models: ['gpt-*'] }), await own(user, { tools: [] })]) {
      const who = (await of(here, secret))!.principal;
      await expect(createToken(identity, who, { principal: who.id, name: 'x' }), JSON.stringify(who.credential.scopes)).rejects.toThrow(
        denied,
      );
    }
    // Whoever may not see originals cannot get there by rotating the key of their own principal that does.
    const granted = await createToken(identity, admin, { principal: user.id, name: 'sees', scopes: { seesOriginals: true } });
    await expect(rotateToken(identity, user, granted.token.id, { overlapMs: 0 })).rejects.toThrow(denied);
    const rotated = await rotateToken(identity, admin, granted.token.id, { overlapMs: 0 });
    expect(callers.seesOriginals((await of(here, rotated.secret))!)).toBe(true);
  });

  // CVE-2026-42208: the key went into SQL, on the way to an error.
  test('what a client sends as key is looked for as a whole and nothing else', async () => {
    const { secret } = await key();
    const before = await here.store.db.selectFrom('token').selectAll().execute();
    const odd = [
      "' or '1'='1",
      "'; drop table token; --",
      `${secret}' --`,
      `${secret}\u0000`,
      `${secret} `,
      '%',
      '_',
      '*',
      'null',
      'undefined',
      '[object Object]',
      secret.slice(0, -1),
      secret.toUpperCase(),
    ];
    for (const text of odd)
      for (const headers of [{ authorization: `Bearer ${text}` }, { 'x-api-key': text }, { 'api-key': text }, { authorization: text }]) {
        // Space at the end of a header is no part of it.
        if (headers.authorization === `Bearer ${secret} `) continue;
        expect(await here.callers.identify(headers, peer), text).toBeUndefined();
      }
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await here.callers.identify({ authorization: `Bearer ${text}`, 'x-api-key': text }, peer)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    for (let round = 0; round < 20; round++) expect(await of(here, cordonToken(randomBytes(32)))).toBeUndefined();
    expect((await here.store.db.selectFrom('token').selectAll().execute()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(await of(here, secret)).toBeDefined();
  });

  test('several credentials are none', async () => {
    const [one, other] = [await key(), await key()];
    const raw = (...pairs: string[]): Peer => ({ ...peer, rawHeaders: pairs });
    expect(await here.callers.identify({ ...bearer(one.secret), 'x-api-key': other.secret }, peer)).toBeUndefined();
    expect(await here.callers.identify({ ...bearer('nonsense'), 'x-api-key': one.secret }, peer)).toBeUndefined();
    expect(await here.callers.identify({ 'x-api-key': `${one.secret}, ${one.secret}` }, peer)).toBeUndefined();
    expect(await here.callers.identify({ 'x-api-key': [one.secret] as never }, peer)).toBeUndefined();
    const twice = raw('Authorization', `Bearer ${one.secret}`, 'AUTHORIZATION', `Bearer ${other.secret}`);
    expect(await here.callers.identify(bearer(one.secret), twice)).toBeUndefined();
    const once = raw('Host', 'evil', 'Authorization', `Bearer ${one.secret}`, 'Content-Type', 'x', 'X-Api-Key', one.secret);
    expect(await here.callers.identify({ ...bearer(one.secret), 'x-api-key': one.secret }, once)).toBeDefined();
  });

  test('no credential is nobody, and no address is nobody', async () => {
    const { secret } = await key();
    for (const headers of [
      {},
      { authorization: '' },
      { cookie: `cordon_session=${secret}` },
      { 'x-forwarded-user': 'admin' },
      { host: 'localhost' },
    ])
      expect(await here.callers.identify(headers, peer)).toBeUndefined();
    for (const address of [undefined, '', 'localhost', '1.2.3']) expect(await of(here, secret, { address })).toBeUndefined();
  });

  test('a header names somebody only when a trusted proxy sends it', async () => {
    const proxied = await start({ proxyHeader: 'x-forwarded-user' }, { trustedProxies: ['10.0.0.0/8'] });
    const { id } = await createPrincipal(here.identity, root, { name: 'ann', kind: 'user' });
    const by = async (address: string, headers: IncomingHttpHeaders): Promise<Caller | undefined> =>
      await proxied.callers.identify(headers, { address });
    expect(await by('10.0.0.1', { 'x-forwarded-user': 'ann', 'x-forwarded-for': '203.0.113.1' })).toMatchObject({
      principal: { id },
      key: null,
      ip: '203.0.113.1',
    });
    expect(await by('203.0.113.1', { 'x-forwarded-user': 'ann' })).toBeUndefined();
    expect(await by('203.0.113.1', { 'x-forwarded-user': 'ann', 'x-forwarded-for': '10.0.0.1' })).toBeUndefined();
    for (const name of ['nobody', '', 'ann, ann', 'ANN', "ann' --", '../ann', 'ann\n'])
      expect(await by('10.0.0.1', { 'x-forwarded-user': name })).toBeUndefined();
    // Whoever shows something else is judged by that.
    expect(await by('10.0.0.1', { 'x-forwarded-user': 'ann', authorization: 'Bearer nonsense' })).toBeUndefined();
    await setDisabled(here.identity, root, id, true);
    await expect.poll(() => by('10.0.0.1', { 'x-forwarded-user': 'ann' }), { timeout: 5_000 }).toBeUndefined();
    await stop(proxied);
  });
});

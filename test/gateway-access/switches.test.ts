import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChangeWatch, watchChanges } from '../../src/engine/gateway/changes/watch-changes.ts';
import type { Stop } from '../../src/engine/gateway/defence/stop.ts';
import { openSwitches, type Switches } from '../../src/engine/gateway/defence/switches.ts';
import { endExpired } from '../../src/engine/gateway/defence/end-expired.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { type Identity, openIdentity } from '../../src/identity/identity.ts';
import { localOperator, type Principal } from '../../src/identity/permission.ts';
import { createPrincipal } from '../../src/identity/principals/manage.ts';
import { grantRole } from '../../src/identity/principals/roles.ts';
import { createToken, rotateToken } from '../../src/identity/tokens/manage.ts';
import type { Store } from '../../src/store/open-store.ts';
import { DATABASES, type Database } from '../store/databases.ts';

const root = localOperator('tester');
const code = (expected: string) => expect.objectContaining({ code: expected });

describe.each(DATABASES)('kill switches on $name', ({ create }) => {
  let database: Database;
  let store: Store;
  let identity: Identity;
  let clock: number;
  const open: { watch: ChangeWatch; switches: Switches; store: Store }[] = [];

  /** One more process over the same database. */
  async function process(): Promise<Switches> {
    const own = await database.open();
    const watch = await watchChanges({ store: own, everyMs: 20 });
    const switches = await openSwitches({ store: own, watch, now: () => clock });
    open.push({ watch, switches, store: own });
    return switches;
  }
  beforeEach(async () => {
    clock = 1_800_000_000_000;
    database = await create();
    store = await database.open();
    identity = openIdentity({ store, record: appendEntry, now: () => clock });
  });
  afterEach(async () => {
    for (const { watch, switches, store: own } of open.splice(0)) {
      await watch.close();
      await switches.close();
      await own.close();
    }
    await identity.close();
    await store.close();
    await database.remove();
  });
  const kinds = async (): Promise<string[]> =>
    (await store.db.selectFrom('ledger').select('kind').where('kind', 'like', 'gateway.%').orderBy('position').execute()).map(
      ({ kind }) => kind,
    );

  test('a stop counts at once here, soon elsewhere, and after a restart; lifting it likewise', async () => {
    const [here, there] = [await process(), await process()];
    const heard: Stop[][] = [[], []];
    here.onStop((stop) => heard[0]!.push(stop));
    there.onStop((stop) => heard[1]!.push(stop));
    const stop = await here.stop(root, { kind: 'model', value: 'gpt-*', reason: 'incident 7' });
    expect(here.stopped({ model: 'gpt-5' })).toEqual(stop);
    await expect.poll(() => there.stopped({ model: 'gpt-5' })?.id, { timeout: 5_000 }).toBe(stop.id);
    expect(heard.map((stops) => stops.map(({ id }) => id))).toEqual([[stop.id], [stop.id]]);
    const restarted = await process();
    expect(restarted.stopped({ model: 'gpt-5' })?.reason).toBe('incident 7');
    expect(restarted.stopped({ model: 'claude' })).toBeUndefined();
    await there.lift(root, stop.id);
    expect(there.stopped({ model: 'gpt-5' })).toBeUndefined();
    await expect.poll(() => here.stopped({ model: 'gpt-5' }), { timeout: 5_000 }).toBeUndefined();
    expect((await process()).stopped({ model: 'gpt-5' })).toBeUndefined();
    expect(await kinds()).toEqual(['gateway.blocked', 'gateway.unblocked']);
    await expect(here.lift(root, stop.id)).rejects.toThrow(code('request.invalid'));
  });

  test('everything that can be stopped', async () => {
    const switches = await process();
    const ann = await createPrincipal(identity, root, { name: 'ann', kind: 'user' });
    const made = await createToken(identity, root, { principal: ann.id, name: 'app' });
    const next = await rotateToken(identity, root, made.token.id, { overlapMs: 1_000 });
    const whole = {
      key: made.token.id,
      principal: ann.id,
      teams: ['ml'],
      ip: '10.1.2.3',
      model: 'gpt',
      tool: 'shell',
      route: '/v1/chat',
      session: 's',
    };
    for (const [kind, value] of [
      ['everything', ''],
      ['key', next.token.id],
      ['key', next.secret],
      ['principal', 'ann'],
      ['principal', ann.id],
      ['team', 'ml'],
      ['ip', '::ffff:10.1.0.0/112'],
      ['model', 'g*'],
      ['tool', 'shell'],
      ['route', '/v1/*'],
      ['session', 's'],
    ] as const) {
      const stop = await switches.stop(root, { kind, value, reason: 'x' });
      expect(switches.stopped(whole)?.id, kind).toBe(stop.id);
      expect(JSON.stringify(stop)).not.toContain(next.secret.slice(20));
      await switches.lift(root, stop.id);
      expect(switches.stopped(whole)).toBeUndefined();
    }
    expect(JSON.stringify(await store.db.selectFrom('ledger').select('body').execute())).not.toContain(next.secret.slice(20));
  });

  test('what is no such thing cannot be stopped', async () => {
    const switches = await process();
    for (const [kind, value] of [
      ['everything', 'x'],
      ['key', "' or 1=1 --"],
      ['key', 'cordon_nobody'],
      ['principal', 'nobody'],
      ['ip', '10.0.0.0/40'],
      ['ip', 'evil'],
      ['model', 'a b'],
      ['model', ''],
      ['team', ''],
      ['session', 'a\u0000b'],
    ] as const)
      await expect(switches.stop(root, { kind, value, reason: 'x' }), `${kind} ${value}`).rejects.toThrow(code('request.invalid'));
    await expect(switches.stop(root, { kind: 'team', value: 'x', reason: '' })).rejects.toThrow('reason');
    await expect(switches.stop(root, { kind: 'team', value: 'x', reason: 'x', expiresAt: clock })).rejects.toThrow('future');
    expect(await switches.list(root)).toEqual([]);
    expect(await kinds()).toEqual([]);
  });

  test('a stop ends by itself, is written down once, and is in the list no more', async () => {
    const [here, there] = [await process(), await process()];
    const stop = await here.stop(root, { kind: 'ip', value: '10.0.0.1', reason: 'x', expiresAt: clock + 1_000 });
    await expect.poll(() => there.stopped({ ip: '10.0.0.1' }), { timeout: 5_000 }).toBeDefined();
    expect((await here.list(root)).map(({ id }) => id)).toEqual([stop.id]);
    clock += 1_000;
    expect([here.stopped({ ip: '10.0.0.1' }), there.stopped({ ip: '10.0.0.1' })]).toEqual([undefined, undefined]);
    expect(await here.list(root)).toEqual([]);
    await Promise.all([endExpired(store, clock), endExpired(store, clock)]);
    expect(await kinds()).toEqual(['gateway.blocked', 'gateway.block-expired']);
  });

  test('who may stop what', async () => {
    const switches = await process();
    async function person(name: string, role: string, on: string, scopes: object = {}): Promise<Principal> {
      const { id } = await createPrincipal(identity, root, { name, kind: 'user' });
      await grantRole(identity, root, { holder: `principal:${id}`, role, on });
      const { secret } = await createToken(identity, root, { principal: id, name: 'x', scopes });
      return (await authenticate(identity, { kind: 'bearer', token: secret }))!;
    }
    const owner = await person('owner', 'approver', 'model:gpt');
    const mine = await switches.stop(owner, { kind: 'model', value: 'gpt', reason: 'x' });
    const reader = await person('reader', 'reader', '*');
    const narrow = await person('narrow', 'admin', '*', { models: ['gpt'] });
    for (const [who, kind, value] of [
      [owner, 'model', 'claude'],
      [owner, 'model', '*'],
      [owner, 'everything', ''],
      [owner, 'principal', 'reader'],
      [reader, 'model', 'gpt'],
      [narrow, 'everything', ''],
    ] as const)
      await expect(switches.stop(who, { kind, value, reason: 'x' }), `${who.name} ${kind}`).rejects.toThrow(code('access.denied'));
    await expect(switches.lift(reader, mine.id)).rejects.toThrow(code('access.denied'));
    await expect(switches.lift(reader, 'no such id')).rejects.toThrow(code('access.denied'));
    await expect(switches.list(owner)).rejects.toThrow(code('access.denied'));
    await switches.lift(owner, mine.id);
  });

  test('a stop that is part of another act comes and goes with it', async () => {
    const [here, there] = [await process(), await process()];
    const failing = store.transaction(async (tx) => {
      await here.stopWithin(tx, 'recall', { kind: 'model', value: 'bert', reason: 'recalled' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await here.list(root)).toEqual([]);
    await store.transaction((tx) => here.stopWithin(tx, 'recall', { kind: 'model', value: 'bert', reason: 'recalled' }));
    await expect
      .poll(() => [here, there].map((switches) => switches.stopped({ model: 'bert' })?.by), { timeout: 5_000 })
      .toEqual(['recall', 'recall']);
  });

  test('many processes that stop and lift at once agree in the end', async () => {
    const all = [await process(), await process(), await process()];
    const stops = await Promise.all(
      Array.from({ length: 30 }, (_, index) => all[index % 3]!.stop(root, { kind: 'session', value: `s${index}`, reason: 'x' })),
    );
    await Promise.all(stops.filter((_, index) => index % 2 === 0).map(({ id }, index) => all[index % 3]!.lift(root, id)));
    for (const switches of all)
      await expect
        .poll(() => stops.map(({ value }) => switches.stopped({ session: value }) !== undefined), { timeout: 5_000 })
        .toEqual(stops.map((_, index) => index % 2 === 1));
  });
});

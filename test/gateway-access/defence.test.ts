import { afterEach, beforeEach, expect, test } from 'vitest';
import { DefenceConfig } from '../../src/core/gateway-defence-config.ts';
import { type ChangeWatch, watchChanges } from '../../src/engine/gateway/changes/watch-changes.ts';
import { type Defence, openDefence } from '../../src/engine/gateway/defence/defence.ts';
import { endExpired } from '../../src/engine/gateway/defence/end-expired.ts';
import { openSwitches, type Switches } from '../../src/engine/gateway/defence/switches.ts';
import { subjectOf } from '../../src/engine/gateway/defence/stop.ts';
import { callOf } from '../../src/engine/gateway/defence/testing.ts';
import type { Call } from '../../src/engine/gateway/call.ts';
import { localOperator } from '../../src/identity/permission.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const MINUTE = 60_000;
const root = localOperator('tester');
let store: Store;
let watch: ChangeWatch;
let switches: Switches;
let defence: Defence;
let clock: number;
const announced: string[] = [];
const announcer = { announce: async (_: unknown, event: string) => void announced.push(event), wake: () => {} };

beforeEach(async () => {
  clock = 1_800_000_000_000;
  announced.length = 0;
  store = await openStore({ database: ':memory:' });
  watch = await watchChanges({ store, everyMs: 20 });
  switches = await openSwitches({ store, watch, announcer, now: () => clock });
});
afterEach(async () => {
  await defence.close();
  await watch.close();
  await switches.close();
  await store.close();
});
function open(config: object, on: Store = store): void {
  defence = openDefence({ config: DefenceConfig.parse(config), store: on, switches, announcer, now: () => clock, retryMs: 10 });
}
const detect = (call: Call, changes: object = {}): void =>
  void defence.observe({ call, effect: 'block', detectors: ['injection'], rules: ['injection.override'], ...changes });
const isStopped = (call: Call, session?: string): boolean => switches.stopped(subjectOf(call, session)) !== undefined;
const entries = async (): Promise<{ kind: string; body: Record<string, unknown> }[]> =>
  (await store.db.selectFrom('ledger').select(['kind', 'body']).orderBy('position').execute()).map(({ kind, body }) => ({
    kind,
    body: JSON.parse(body),
  }));

test('the third detection blocks, at once, for a while, in the ledger and announced', async () => {
  open({ rules: [{ id: 'injections', when: { detectors: ['injection'], count: 3, within: '5m' }, per: 'key', action: 'block' }] });
  const call = callOf();
  detect(call);
  clock += 5 * MINUTE;
  detect(call);
  detect(call, { detectors: ['pii'] });
  detect(call, { effect: 'redact' });
  detect(callOf({ key: 'other' }));
  expect(isStopped(call)).toBe(false);
  detect(call);
  detect(call);
  expect(isStopped(call)).toBe(true);
  expect(isStopped(callOf({ key: 'other' }))).toBe(false);
  await defence.settled();
  expect(await entries()).toMatchObject([{ kind: 'gateway.blocked', body: { by: 'injections', on: 'key', value: 'k1', automatic: true } }]);
  expect(announced).toEqual(['gateway.blocked']);
  clock += 10 * MINUTE;
  expect(isStopped(call)).toBe(false);
});

test('repeaters are blocked for longer, up to the longest; what was lifted does not count', async () => {
  open({ rules: [{ id: 'r', per: 'ip', action: 'block', for: '10m', grow: 3, max: '1h' }] });
  const call = callOf({ ip: '203.0.113.9' });
  const lasts = async (): Promise<number> => {
    detect(call);
    await defence.settled();
    const [stop] = await switches.list(root);
    return (stop!.expiresAt! - clock) / MINUTE;
  };
  const seen: number[] = [];
  for (let time = 0; time < 4; time++) {
    seen.push(await lasts());
    clock += seen.at(-1)! * MINUTE;
    await endExpired(store, clock);
  }
  expect(seen).toEqual([10, 30, 60, 60]);
  // Quiet for longer than the longest: it begins again.
  clock += 61 * MINUTE;
  expect(await lasts()).toBe(10);
  await switches.lift(root, (await switches.list(root))[0]!.id);
  expect(isStopped(call)).toBe(false);
  expect(await lasts()).toBe(10);
});

test('whoever is allowed is never stopped by itself, also not by what somebody else caused, but by people', async () => {
  open({ allow: ['10.0.0.0/8', 'key:k9', 'principal:boss'], rules: [{ id: 'r', per: 'principal', action: 'block' }] });
  const spared = [callOf({ ip: '10.1.1.1' }), callOf({ key: 'k9' }), callOf({ name: 'boss' })];
  for (const call of spared) detect(call);
  expect(isStopped(callOf())).toBe(false);
  detect(callOf());
  expect([isStopped(callOf()), ...spared.map((call) => isStopped(call))]).toEqual([true, false, false, false]);
  await defence.settled();
  await switches.stop(root, { kind: 'ip', value: '10.1.1.1', reason: 'x' });
  expect(isStopped(spared[0]!)).toBe(true);
});

test('an address is one however it is written, and one network of IPv6 is one', async () => {
  open({ rules: [{ id: 'r', when: { count: 2 }, per: 'ip', action: 'block' }] });
  detect(callOf({ ip: '2001:db8:1:2::1' }));
  detect(callOf({ ip: '2001:db8:1:2:ffff::9' }));
  expect(isStopped(callOf({ ip: '2001:db8:1:2::77' }))).toBe(true);
  expect(isStopped(callOf({ ip: '2001:db8:1:3::1' }))).toBe(false);
  await defence.settled();
});

test('a profile is tightened for a session, and nothing is stopped', async () => {
  open({ rules: [{ id: 'r', when: { rules: ['injection.*'] }, per: 'session', action: 'tighten', profile: 'strict', for: '5m' }] });
  detect(callOf());
  detect(callOf(), { session: 's1' });
  expect([defence.profileFor(callOf(), 's1'), defence.profileFor(callOf(), 's2'), defence.profileFor(callOf())]).toEqual([
    'strict',
    undefined,
    undefined,
  ]);
  expect(isStopped(callOf(), 's1')).toBe(false);
  await defence.settled();
  expect(announced).toEqual(['gateway.tightened']);
  clock += 5 * MINUTE;
  expect(defence.profileFor(callOf(), 's1')).toBeUndefined();
});

test('a dry run and an alert write down and do nothing, and not again for a while', async () => {
  open({
    rules: [
      { id: 'dry', per: 'key', action: 'block', dryRun: true },
      { id: 'loud', per: 'key', action: 'alert', for: '10m' },
    ],
  });
  for (let time = 0; time < 5; time++) detect(callOf());
  expect(isStopped(callOf())).toBe(false);
  await defence.settled();
  expect((await entries()).map(({ kind }) => kind)).toEqual(['gateway.defence-dry-run', 'gateway.alerted']);
  clock += 10 * MINUTE;
  detect(callOf());
  await defence.settled();
  expect(announced).toHaveLength(4);
});

test('a flood of alerts is cut, and the next one says by how many', async () => {
  open({ rules: [{ id: 'loud', per: 'ip', action: 'alert' }] });
  for (let index = 0; index < 500; index++) detect(callOf({ ip: `10.0.${index >> 8}.${index & 255}` }));
  await defence.settled();
  expect(announced).toHaveLength(60);
  clock += MINUTE;
  detect(callOf({ ip: '10.9.9.9' }));
  await defence.settled();
  expect((await entries()).at(-1)).toMatchObject({ body: { leftOut: 440 } });
});

test('there are never more automatic actions than configured', async () => {
  open({ maxBlocks: 100, rules: [{ id: 'r', per: 'ip', action: 'block' }] });
  for (let index = 0; index < 1_000; index++) detect(callOf({ ip: `10.0.${index >> 8}.${index & 255}` }));
  expect(switches.standing.automatic).toBe(100);
  await defence.settled();
  expect(await switches.list(root)).toHaveLength(100);
});

test('while the database is away actions count here, and are written down when it is back', async () => {
  let isAway = true;
  const shaky: Store = {
    ...store,
    transaction: (work) => (isAway ? Promise.reject(new Error('away')) : store.transaction(work)),
  };
  open({ rules: [{ id: 'r', per: 'key', action: 'block' }] }, shaky);
  detect(callOf());
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(isStopped(callOf())).toBe(true);
  expect(await entries()).toEqual([]);
  isAway = false;
  await defence.settled();
  expect((await entries()).map(({ kind }) => kind)).toEqual(['gateway.blocked']);
});

test('other processes and a restart know what one process blocked', async () => {
  const there = await openSwitches({ store, watch, now: () => clock });
  open({ rules: [{ id: 'r', per: 'principal', action: 'block' }] });
  detect(callOf());
  await expect.poll(() => there.stopped({ principal: 'p1' })?.by, { timeout: 5_000 }).toBe('r');
  await there.close();
});

test('nothing that is observed breaks it', () => {
  open({ rules: [{ id: 'r', per: 'ip', action: 'block' }] });
  for (const event of [{}, { call: {} }, { call: callOf(), effect: 'block', detectors: null }])
    expect(() => defence.observe(event as never)).not.toThrow();
});

test('rules that cannot be meant are refused', () => {
  const wrong: object[] = [
    { rules: [{ id: 'r', action: 'tighten' }] },
    { rules: [{ id: 'r', action: 'block', profile: 'x' }] },
    { rules: [{ id: 'r', action: 'block', for: '2h', max: '1h' }] },
    { rules: [{ id: 'r', action: 'block', for: 'soon' }] },
    { rules: [{ id: 'r', action: 'block', for: '0s' }] },
    { rules: [{ id: 'r', action: 'block', grow: 0.5 }] },
    { rules: [{ id: 'r', action: 'block', when: { count: 0 } }] },
    { rules: [{ id: 'r', action: 'block', when: { counts: 3 } }] },
    {
      rules: [
        { id: 'r', action: 'alert' },
        { id: 'r', action: 'alert' },
      ],
    },
    { allow: ['localhost'] },
    { allow: ['10.0.0.0/99'] },
  ];
  for (const config of wrong) expect(DefenceConfig.safeParse(config).success, JSON.stringify(config)).toBe(false);
  open({});
});

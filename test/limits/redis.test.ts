import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SILENT } from '../../src/core/logger.ts';
import type { Ask } from '../../src/engine/gateway/limits/lease-store.ts';
import type { Limits, LimitsEvent } from '../../src/engine/gateway/limits/limits.ts';
import { openLimits } from '../../src/engine/gateway/limits/open-limits.ts';
import { apply, emptyState, type PoolState } from '../../src/engine/gateway/limits/pool-state.ts';
import { RedisConnection } from '../../src/engine/gateway/limits/redis-connection.ts';
import { RedisLeaseStore } from '../../src/engine/gateway/limits/redis-lease-store.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { call, limitsConfig, PRICE, usage } from './callers.ts';
import { randomNumbers } from './random.ts';
import { NO_REDIS, startRedis, type RedisServer } from './redis-server.ts';

if (NO_REDIS !== undefined) console.log(`limits on Redis are not tested: ${NO_REDIS}`);

const ASKED = { inputTokens: 1, maxOutputTokens: 1, price: PRICE };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(NO_REDIS !== undefined)('limits on Redis', () => {
  let redis: RedisServer;
  let store: Store;
  let replicas: Limits[] = [];
  let prefixes = 0;
  beforeAll(async () => {
    redis = await startRedis();
    store = await openStore({ database: ':memory:' });
  });
  afterEach(async () => {
    redis.thaw();
    await Promise.all(replicas.map((limits) => limits.close()));
    replicas = [];
  });
  afterAll(async () => {
    await redis.stop();
    await store.close();
  });

  async function open(count: number, rules: readonly object[], sharing: object = {}, events: LimitsEvent[] = []): Promise<Limits[]> {
    const own = { store: 'redis', redis: { url: redis.url, prefix: `t${++prefixes}` }, ...sharing };
    for (let index = 0; index < count; index++) {
      const config = limitsConfig(rules, { sharing: own });
      replicas.push(await openLimits({ config, store, log: SILENT, onEvent: (event) => events.push(event) }));
    }
    await sleep(5);
    return replicas;
  }

  test('a password that is rotated counts with the next connection', async () => {
    const admin = new Redis(redis.url, { password: 'first' });
    admin.on('error', () => undefined);
    await admin.config('SET', 'requirepass', 'first');
    let tell: (password: string) => void = () => undefined;
    const asked: string[] = [];
    const secrets = {
      get: async (reference: string) => (asked.push(reference), 'first'),
      watch: (reference: string, changed: typeof tell) => ((tell = changed), () => void asked.push(`no more of ${reference}`)),
    };
    const shared = { url: redis.url, prefix: 'rotated', password: 'vault:secret/redis#password' };
    const config = limitsConfig([{ id: 'r', requests: { count: 1_000, per: 'minute' } }], { sharing: { store: 'redis', redis: shared } });
    const connection = new RedisConnection({ url: redis.url, username: undefined }, 'first');
    const former = new RedisLeaseStore(shared, connection);
    const limits = await openLimits({ config, store, secrets });
    try {
      await connection.ready();
      expect((await limits.admit(call(), ASKED)).ok).toBe(true);
      await admin.config('SET', 'requirepass', 'second');
      tell('second');
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await expect(former.exchange('h', [])).rejects.toThrow();
      await sleep(1_500);
      expect(limits.sharing()[0]?.state).toBe('connected');
      await expect(former.exchange('h', [])).rejects.toThrow();
      connection.usePassword('second');
      await expect
        .poll(
          () =>
            former.exchange('h', []).then(
              () => 'answered',
              () => 'none',
            ),
          { timeout: 10_000 },
        )
        .toBe('answered');
    } finally {
      await Promise.all([limits.close(), former.close()]);
      await admin.config('SET', 'requirepass', '');
      admin.disconnect();
    }
    expect(asked).toEqual(['vault:secret/redis#password', 'no more of vault:secret/redis#password']);
  });

  test('the script answers as the function does, over random asks', async () => {
    const connection = new RedisConnection({ url: redis.url, username: undefined }, undefined);
    const shared = new RedisLeaseStore({ prefix: 'diff' }, connection);
    await connection.ready();
    // Why: the clock of the script is that of Redis; a window of ten days has no slot that ends meanwhile, nearly always.
    const windowMs = 864_000_000;
    const random = randomNumbers(7);
    const states = new Map<string, PoolState>();
    const sequences = new Map<string, number>();
    let slot = 0;
    for (let round = 0; round < 400; round++) {
      const asks: Ask[] = Array.from({ length: random(4) }, () => {
        const lease = `l${random(4)}`;
        const sequence = (sequences.get(lease) ?? 0) + (random(5) === 0 ? 0 : 1);
        sequences.set(lease, sequence);
        const limit = 100 + random(3) * 900;
        switch (random(3)) {
          case 0:
            return {
              kind: 'window',
              pool: `w${random(3)}`,
              limit,
              windowMs,
              take: random(90),
              atLeast: random(40),
              charge: random(6) === 0 ? random(20) : 0,
              back: random(2) === 0 ? [[slot, random(60)]] : [],
            };
          case 1:
            return { kind: 'slots', pool: `s${random(2)}`, limit, lease, sequence, held: random(80), atLeast: random(40), ttlMs: 600_000 };
          default: {
            const used = random(60);
            return {
              kind: 'budget',
              pool: `b${random(2)}`,
              limit,
              lease,
              sequence,
              spent: random(used + 1),
              used,
              ceiling: used + random(200),
              atLeast: used + random(30),
              endsAt: random(2) === 0 ? null : 4_000_000_000_000,
              close: random(12) === 0,
            };
          }
        }
      });
      const { grants, replicas: seen } = await shared.exchange('h', asks);
      expect(seen).toBe(1);
      asks.forEach((ask, index) => {
        let state = states.get(ask.pool);
        if (state === undefined) states.set(ask.pool, (state = emptyState(ask.kind)));
        const expected = apply(state, ask, Date.now(), 1);
        if (ask.kind === 'window') slot = expected.slot;
        const { retryAfterMs, ...rest } = grants[index] ?? expect.fail('there is an answer for every ask');
        const { retryAfterMs: expectedRetry, ...expectedRest } = expected;
        expect(rest, JSON.stringify(ask)).toEqual(expectedRest);
        expect(Math.abs(retryAfterMs - expectedRetry)).toBeLessThan(2_000);
      });
    }
    await shared.close();
  });

  test('four replicas together let through the limit: never more, at most two per cent less', async () => {
    const limit = 2_000;
    const open4 = await open(4, [{ id: 'calls', requests: { count: limit, per: 'minute' } }]);
    let admitted = 0;
    const ends = Date.now() + 1_500;
    await Promise.all(
      open4.map(async (limits) => {
        while (Date.now() < ends) {
          for (let index = 0; index < 20; index++) if ((await limits.admit(call(), ASKED)).ok) admitted++;
          await sleep(1);
        }
      }),
    );
    expect(admitted).toBeLessThanOrEqual(limit);
    expect(admitted).toBeGreaterThanOrEqual(limit * 0.98);
  });

  test('points that one replica holds and does not use come back to the others', async () => {
    const [first, second] = await open(2, [{ id: 'tokens', tokens: { count: 1_000, per: 'minute' } }]);
    if (first === undefined || second === undefined) throw new Error('there are two');
    const big = { inputTokens: 400, maxOutputTokens: 400, price: PRICE };
    const one = await first.admit(call(), big);
    if (!one.ok) throw new Error(one.message);
    expect((await second.admit(call(), big)).ok).toBe(false);
    one.settle(usage(10, 0));
    await sleep(1_200);
    expect((await second.admit(call(), big)).ok).toBe(true);
  });

  test('places for calls at the same time are never more than the limit, and all of them are found', async () => {
    const limit = 20;
    const open4 = await open(4, [{ id: 'open', concurrency: limit }]);
    let [running, most, served] = [0, 0, 0];
    const ends = Date.now() + 1_500;
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const limits = open4[index % 4] as Limits;
        while (Date.now() < ends) {
          const answer = await limits.admit(call(), ASKED);
          if (!answer.ok) {
            await sleep(5);
            continue;
          }
          most = Math.max(most, ++running);
          await sleep(10);
          running--;
          served++;
          answer.settle(usage(1, 1));
        }
      }),
    );
    expect(most).toBe(limit);
    expect(served).toBeGreaterThan(500);
  });

  test('a frozen Redis costs no call its time; each replica keeps to its part, then refuses; thawed, all is as before', async () => {
    const events: LimitsEvent[] = [];
    const limit = 400;
    const open4 = await open(
      4,
      [{ id: 'calls', per: 'model', requests: { count: limit, per: 'minute' } }],
      { lost: { shareSeconds: 2, afterwards: 'refuse' } },
      events,
    );
    await Promise.all(open4.map((limits) => limits.admit(call({ model: 'known' }), ASKED)));
    await sleep(4_300); // A heartbeat, so that all know how many they are.
    redis.freeze();
    await sleep(400);
    const waits: number[] = [];
    let admitted = 0;
    for (const limits of open4) {
      for (let index = 0; index < limit; index++) {
        const started = performance.now();
        if ((await limits.admit(call({ model: 'new' }), ASKED)).ok) admitted++;
        waits.push(performance.now() - started);
      }
    }
    expect(admitted).toBeLessThanOrEqual(limit);
    expect(admitted).toBeGreaterThanOrEqual(limit * 0.98);
    waits.sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThan(2);
    expect(open4.map((limits) => limits.sharing()[0])).toEqual(
      open4.map(() => expect.objectContaining({ store: 'redis', state: 'lost', replicas: 4 }) as unknown),
    );
    await sleep(2_200);
    expect((await open4[0]?.admit(call({ model: 'other' }), ASKED))?.ok).toBe(false);
    redis.thaw();
    await expect.poll(() => open4.every((limits) => limits.sharing()[0]?.state === 'connected'), { timeout: 15_000 }).toBe(true);
    expect((await open4[0]?.admit(call({ model: 'other' }), ASKED))?.ok).toBe(true);
    // What was let through meanwhile counts.
    await sleep(500);
    expect((await open4[1]?.admit(call({ model: 'new' }), ASKED))?.ok).toBe(false);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['store-lost', 'store-refusing', 'store-back']));
  });

  test('a Redis that was killed and starts empty is told what was used', async () => {
    const events: LimitsEvent[] = [];
    const limit = 300;
    const open3 = await open(3, [{ id: 'calls', requests: { count: limit, per: 'minute' } }], {}, events);
    let admitted = 0;
    const all = async (times: number): Promise<void> => {
      for (let index = 0; index < times; index++) for (const limits of open3) if ((await limits.admit(call(), ASKED)).ok) admitted++;
    };
    await all(60);
    expect(admitted).toBe(180);
    await sleep(4_300);
    await redis.kill();
    await sleep(300);
    await all(20);
    await redis.start();
    await expect.poll(() => events.filter(({ kind }) => kind === 'store-back').length, { timeout: 20_000 }).toBe(3);
    expect(events.some(({ kind }) => kind === 'store-forgot')).toBe(true);
    await all(300);
    expect(admitted).toBeLessThanOrEqual(limit * 1.02);
    expect(admitted).toBeGreaterThanOrEqual(limit * 0.9);
  });

  test('a Redis that never answered: everything limited is refused, unless it is known how many share', async () => {
    const rules = [{ id: 'calls', requests: { count: 10, per: 'minute' } }];
    const nobody = { redis: { url: 'redis://127.0.0.1:1/0' } };
    const [strict] = await open(1, rules, nobody);
    expect((await strict?.admit(call(), ASKED))?.ok).toBe(false);
    expect(strict?.sharing()[0]?.state).toBe('refusing');
    const [, known] = await open(1, rules, { ...nobody, replicas: 5 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => known?.admit(call(), ASKED)));
    expect(answers.map((answer) => answer?.ok)).toEqual([true, true, false, false]);
  });

  test('keys carry the prefix and end by themselves', async () => {
    const [limits] = await open(1, [{ id: 'calls', requests: { count: 10, per: 'second' } }]);
    await limits?.admit(call(), ASKED);
    const client = new Redis(redis.url);
    const keys = await client.keys(`{t${prefixes}}:*`);
    expect(keys.toSorted()).toEqual([`{t${prefixes}}:calls/requests/second/all`, `{t${prefixes}}:epoch`, `{t${prefixes}}:replicas`]);
    expect(await client.pttl(`{t${prefixes}}:calls/requests/second/all`)).toBeGreaterThan(0);
    client.disconnect();
  });
});

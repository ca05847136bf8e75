import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseLeaseStore } from '../../src/engine/gateway/limits/database-lease-store.ts';
import type { Limits } from '../../src/engine/gateway/limits/limits.ts';
import { openLimits } from '../../src/engine/gateway/limits/open-limits.ts';
import type { Store } from '../../src/store/open-store.ts';
import { DATABASES, type Database } from '../store/databases.ts';
import { call, limitsConfig, PRICE, usage } from './callers.ts';

const ASKED = { inputTokens: 10, maxOutputTokens: 20, price: PRICE };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(DATABASES)('limits on $name', ({ create }) => {
  let database: Database;
  let stores: Store[] = [];
  let replicas: Limits[] = [];
  beforeEach(async () => {
    database = await create();
  });
  afterEach(async () => {
    for (const limits of replicas) await limits.close();
    for (const store of stores) await store.close();
    [stores, replicas] = [[], []];
    await database.remove();
  });

  async function open(rules: readonly object[]): Promise<Limits> {
    const store = await database.open();
    stores.push(store);
    const limits = await openLimits({ config: limitsConfig(rules, { sharing: { waitMs: 10_000 } }), store, workers: 3 });
    replicas.push(limits);
    return limits;
  }

  test('three workers together let through the limit of calls, tokens and money, and no more', async () => {
    const rules = [
      { id: 'calls', match: { models: ['a'] }, requests: { count: 200, per: 'hour' } },
      { id: 'tokens', match: { models: ['b'] }, tokens: { count: 6_000, per: 'hour' } },
      { id: 'money', match: { models: ['c'] }, budget: { usd: 0.01, per: 'total' } },
    ];
    const all = [await open(rules), await open(rules), await open(rules)];
    await Promise.all(
      ['a', 'b', 'c'].map(async (model) => {
        let [admitted, refusedInARow] = [0, 0];
        for (let index = 0; refusedInARow < 9 && index < 2_000; index++) {
          const answer = await (all[index % 3] as Limits).admit(call({ model }), ASKED);
          if (answer.ok) {
            admitted++;
            refusedInARow = 0;
            answer.settle(usage(10, 20));
          } else {
            refusedInARow++;
            await sleep(120);
          }
        }
        expect(admitted, model).toBeLessThanOrEqual(200);
        expect(admitted, model).toBeGreaterThanOrEqual(196);
      }),
    );
    const [spending] = (await all[0]?.spending()) ?? [];
    expect(spending).toMatchObject({ rule: 'money', subject: 'all', period: 'total' });
    expect(spending?.spent).toBeLessThanOrEqual(10_000);
  });

  test('who is refused is told when there is room again', async () => {
    const limits = await open([{ id: 'calls', requests: { count: 2, per: 'hour' } }]);
    for (let index = 0; index < 2; index++) expect((await limits.admit(call(), ASKED)).ok).toBe(true);
    for (let index = 0; index < 3; index++) {
      const answer = await limits.admit(call(), ASKED);
      expect(answer.ok ? 0 : answer.retryAfterSeconds).toBeGreaterThan(3_500);
      await sleep(200);
    }
  });

  test('places at the same time', async () => {
    const rules = [{ id: 'open', concurrency: 3 }];
    const all = [await open(rules), await open(rules), await open(rules)];
    const answers = await Promise.all(all.flatMap((limits) => [limits.admit(call(), ASKED), limits.admit(call(), ASKED)]));
    const admitted = answers.filter((answer) => answer.ok);
    expect(admitted).toHaveLength(3);
    for (const answer of admitted) answer.release();
    await sleep(600);
    expect((await all[2]?.admit(call(), ASKED))?.ok).toBe(true);
  });

  test('an exchange takes several asks for one pool, and forgets pools that are over', async () => {
    const store = await database.open();
    stores.push(store);
    let now = Date.now();
    const leases = new DatabaseLeaseStore(store, () => now);
    const ask = { kind: 'window', pool: 'w', limit: 10, windowMs: 60_000, take: 4, atLeast: 4, charge: 0, back: [] } as const;
    const { grants } = await leases.exchange('h', [ask, ask, { ...ask, pool: 'v' }, ask]);
    expect(grants.map(({ granted }) => granted)).toEqual([4, 4, 4, 0]);
    now += 3_600_000;
    await leases.exchange('h', []);
    expect(await store.db.selectFrom('gateway_pool').selectAll().execute()).toEqual([]);
  });
});

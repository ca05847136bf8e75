import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, limitsConfig, PRICE, usage } from '../../../../test/limits/callers.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import { correctBudgets } from './correct-budgets.ts';
import type { Admitted, Limits } from './limits.ts';
import { openLimits } from './open-limits.ts';

let store: Store;
const open: Limits[] = [];
const one = async (): Promise<Limits> => {
  const config = limitsConfig([{ id: 'money', budget: { usd: 0.0001, per: 'total' } }], { sharing: { store: 'database' } });
  open.push(await openLimits({ config, store, workers: 2 }));
  return open.at(-1)!;
};
const admit = async (limits: Limits, micros: number): Promise<Admitted | undefined> => {
  const answer = await limits.admit(call(), { inputTokens: micros, maxOutputTokens: 0, price: PRICE });
  return answer.ok ? answer : undefined;
};
const correct = (pools: readonly string[], by: number): Promise<void> =>
  store.transaction((tx) => correctBudgets(tx, store.dialect, pools, by));

beforeEach(async () => (store = await openStore({ database: ':memory:' })));
afterEach(async () => {
  for (const limits of open.splice(0)) await limits.close();
  await store.close();
});

test('what comes back can be spent again, and no more than that, whether or not the process that charged it is alive', async () => {
  const first = await one();
  const charged = await admit(first, 80);
  charged!.settle(usage(80, 0));
  expect(charged!.budgets).toHaveLength(1);
  expect(await admit(await one(), 30)).toBeUndefined();
  await correct(charged!.budgets, -60);
  // Its lease, if it goes on, still counts the eighty.
  const second = await one();
  expect((await admit(second, 70)) !== undefined).toBe(true);
  expect(await admit(second, 11)).toBeUndefined();
  await first.close();
  expect(await admit(await one(), 11)).toBeUndefined();
});

test('what cost more than was charged is charged', async () => {
  const limits = await one();
  const charged = await admit(limits, 50);
  charged!.settle(usage(50, 0));
  // What it holds for the next moments comes back at its end.
  await limits.close();
  await correct(charged!.budgets, 40);
  const other = await one();
  expect(await admit(other, 11)).toBeUndefined();
  expect(await admit(other, 10)).toBeDefined();
});

test('budgets that are not there stay so', async () => {
  await correct(['nothing/budget/total/total/all'], -5);
  expect(await store.db.selectFrom('gateway_pool').selectAll().execute()).toEqual([]);
});

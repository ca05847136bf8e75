import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulateBudget } from '../../../../test/limits/budget-simulation.ts';
import { LeasedBudget } from './leased-budget.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';
import { ASK, NO, YES, type StoreLink } from './meter.ts';

test('no interleaving of calls, lost and late words and killed processes spends more than the budget', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => void simulateBudget(seed, 200)),
    { numRuns: 3_000 },
  );
});

function budget(
  limit: number,
  endsAt: number | null = null,
): { link: { state: StoreLink['state']; replicas: number }; meter: LeasedBudget } {
  const link = { state: 'connected' as StoreLink['state'], replicas: 1, poke: () => undefined };
  return { link, meter: new LeasedBudget({ pool: 'p', lease: 'l', limit, endsAt, link }) };
}

test('what is reserved and not spent comes back; what is beyond the budget is refused until the period ends', async () => {
  const store = new MemoryLeaseStore(() => 1_000);
  const { meter } = budget(100, 5_001_000);
  expect(meter.check(60, 1_000)).toBe(ASK);
  const say = async (need: number): Promise<void> => {
    const ask = meter.ask(1_000, need, need);
    if (ask?.kind !== 'budget') throw new Error('it has something to say');
    const { grants } = await store.exchange('h', [ask]);
    meter.granted(ask, grants[0] ?? expect.fail(), { askedAt: 1_000, storeNow: 1_000 }, 1_000);
  };
  await say(60);
  expect(meter.check(60, 1_000)).toBe(YES);
  const stamp = meter.take(60);
  expect(meter.check(60, 1_000)).toBe(NO);
  meter.settle(60, 10, stamp);
  expect(meter.check(90, 1_000)).toBe(ASK);
  await say(90);
  meter.settle(90, 90, meter.take(90));
  expect(meter.check(1, 1_000)).toBe(NO);
  expect(meter.retryAfterMs(1, 1_000)).toBe(5_000_000);
  await say(0);
  expect(await store.spending()).toEqual([{ pool: 'p', spent: 100, held: 0 }]);
});

test('without the store, only what was granted before is spent', async () => {
  const { meter, link } = budget(100);
  const ask = meter.ask(0, 40, 40);
  if (ask?.kind !== 'budget') throw new Error('it has something to say');
  meter.granted(ask, { granted: 40, remaining: 60, retryAfterMs: 0, slot: 0 }, { askedAt: 0, storeNow: 0 }, 0);
  link.state = 'lost';
  expect(meter.check(40, 0)).toBe(YES);
  expect(meter.check(41, 0)).toBe(NO);
});

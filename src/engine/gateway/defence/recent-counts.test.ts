import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentCounts } from './recent-counts.ts';

test('the n-th within the span counts, as a list of all times would say', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 50 }),
      (pauses, count, within) => {
        const counts = new RecentCounts(10);
        let now = 1_000;
        let times: number[] = [];
        for (const pause of pauses) {
          now += pause;
          times = [...times.filter((time) => time > now - within), now];
          const isFull = times.length >= count;
          expect(counts.hit('a', now, count, within)).toBe(isFull);
          if (isFull) times = [];
        }
      },
    ),
  );
});

test('a million addresses take no more memory than the limit allows, and who was active last is remembered', () => {
  const counts = new RecentCounts(1_000);
  for (let index = 0; index < 1_000_000; index++) {
    counts.hit(`10.${index}`, index, 3, 1_000_000);
    if (index % 500 === 0) counts.hit('attacker', index, 1_000_000, 10_000);
  }
  expect(counts.size).toBeLessThanOrEqual(1_000);
  expect(counts.hit('attacker', 999_999, 15, 10_000)).toBe(true);
});

test('silence lasts for its span', () => {
  const counts = new RecentCounts(10);
  expect([counts.again('a', 0, 10), counts.again('a', 9, 10), counts.again('a', 10, 10), counts.again('b', 10, 10)]).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test('a flood costs no more with a large memory: nothing steps over what is gone', () => {
  const counts = new RecentCounts(200_000);
  const started = performance.now();
  for (let index = 0; index < 1_000_000; index++) counts.hit(`10.${index}`, index, 3, 1_000_000);
  // Why so wide: a machine under load; one by one it took minutes.
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(counts.size).toBeLessThanOrEqual(200_000);
});

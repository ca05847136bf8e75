import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costAtMost, costOf, type Price } from './price.ts';

const PRICE: Price = {
  input: 2_500_000,
  cachedInput: 250_000,
  cacheWrite: 3_000_000,
  output: 15_000_000,
  longContext: undefined,
  request: 7,
};
const LONG: Price = {
  ...PRICE,
  longContext: { above: 1_000, input: 5_000_000, cachedInput: 500_000, cacheWrite: 6_000_000, output: 22_500_000 },
};

const count = fc.integer({ min: 0, max: 1_000_000_000 });
const rate = fc.integer({ min: 0, max: 1_000_000_000 });
const anyRates = fc.record({ input: rate, cachedInput: rate, cacheWrite: rate, output: rate });
const anyPrice = fc.record({
  input: rate,
  cachedInput: rate,
  cacheWrite: rate,
  output: rate,
  request: fc.integer({ min: 0, max: 1_000_000 }),
  longContext: fc.option(
    fc.tuple(anyRates, fc.integer({ min: 1, max: 1_000_000 })).map(([rates, above]) => ({ ...rates, above })),
    { nil: undefined },
  ),
});

test('what a call costs, in whole micro-dollars, rounded up', () => {
  expect(costOf(PRICE, { inputTokens: 1_000, cachedTokens: 400, outputTokens: 10, measured: true })).toBe(7 + 1_500 + 100 + 150);
  expect(costOf(PRICE, { inputTokens: 1, cachedTokens: 0, outputTokens: 0, measured: true })).toBe(7 + 3);
  expect(costOf(PRICE, { inputTokens: 100, cachedTokens: 50, cacheWriteTokens: 50, outputTokens: 0, measured: true })).toBe(
    7 + Math.ceil(12.5 + 150),
  );
  expect(costOf(LONG, { inputTokens: 1_000, cachedTokens: 0, outputTokens: 0, measured: true })).toBe(7 + 2_500);
  expect(costOf(LONG, { inputTokens: 1_001, cachedTokens: 0, outputTokens: 0, measured: true })).toBe(7 + 5_005);
});

test('hostile counts: more cached than there is, negative, no numbers', () => {
  expect(costOf(PRICE, { inputTokens: 10, cachedTokens: 99, outputTokens: -5, measured: true })).toBe(7 + 3);
  expect(costOf(PRICE, { inputTokens: NaN, cachedTokens: NaN, outputTokens: Infinity, measured: true })).toBe(7 + 15_000_000_000);
});

test('exact for every price and number of tokens, and never more than the bound that was reserved', () => {
  fc.assert(
    fc.property(anyPrice, count, count, count, count, fc.nat(), fc.nat(), (price, input, cached, written, output, more, longer) => {
      const used = { inputTokens: input, cachedTokens: cached, cacheWriteTokens: written, outputTokens: output, measured: true };
      const cost = costOf(price, used);
      const long = price.longContext !== undefined && input > price.longContext.above ? price.longContext : price;
      const hits = Math.min(cached, input);
      const writes = Math.min(written, input - hits);
      const exact =
        BigInt(input - hits - writes) * BigInt(long.input) +
        BigInt(hits) * BigInt(long.cachedInput) +
        BigInt(writes) * BigInt(long.cacheWrite) +
        BigInt(output) * BigInt(long.output);
      expect(BigInt(cost)).toBe(BigInt(price.request) + (exact + 999_999n) / 1_000_000n);
      expect(costAtMost(price, Math.min(1e9, input + more), Math.min(1e9, output + longer))).toBeGreaterThanOrEqual(cost);
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MediaAsked, type MediaMade, type MediaPrice, withMedia } from './media-price.ts';
import { batchPrice, costAtMost, costOf, type Price, tierPrice } from './price.ts';

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

test('what stays in the cache for an hour, tiers, batches', () => {
  const price: Price = { ...PRICE, cacheWriteHour: 5_000_000, tiers: { priority: { ...PRICE, output: 30_000_000 } }, batch: 500_000 };
  const used = { inputTokens: 100, cachedTokens: 0, cacheWriteTokens: 60, cacheWriteHourTokens: 50, outputTokens: 10, measured: true };
  expect(costOf(price, used)).toBe(7 + Math.ceil(40 * 2.5 + 10 * 3 + 50 * 5 + 150));
  expect(costOf(price, { ...used, cacheWriteHourTokens: 1_000 })).toBe(7 + Math.ceil(100 + 60 * 5 + 150));
  expect(costAtMost(price, 100, 10)).toBe(7 + 500 + 150);
  expect(tierPrice(price, undefined)).toBe(price);
  for (const name of ['auto', 'default', 'standard', 'standard_only']) expect(tierPrice(price, name)).toBe(price);
  expect(tierPrice(price, 'priority')?.output).toBe(30_000_000);
  for (const name of ['flex', 'toString', '__proto__']) expect(tierPrice(price, name)).toBeUndefined();
  expect(batchPrice(price)).toMatchObject({
    input: 1_250_000,
    cachedInput: 125_000,
    cacheWriteHour: 2_500_000,
    output: 7_500_000,
    request: 4,
  });
  expect(batchPrice({ ...LONG, batch: 500_000 }).longContext).toMatchObject({ above: 1_000, input: 2_500_000 });
  expect(batchPrice(PRICE)).toMatchObject({ input: 2_500_000, request: 7 });
});

describe('pictures and recordings', () => {
  const images = [
    { size: '1024x1024', quality: 'standard', each: 40_000 },
    { size: '1024x1024', quality: 'hd', each: 80_000 },
    { size: undefined, quality: 'hd', each: 120_000 },
  ];
  const cost = (media: MediaPrice, asked: MediaAsked, made?: MediaMade): number =>
    withMedia({ ...PRICE, request: 0, media }, asked, made).request;
  test.each([
    ['1024x1024', 'standard', 80_000],
    ['1024x1024', 'hd', 160_000],
    ['1792x1024', 'hd', 240_000],
    ['1024x1024', '', 80_000],
    ['', '', 80_000],
    ['1024x1024', 'auto', 160_000],
    ['auto', 'hd', 240_000],
    ['', 'standard', 80_000],
    ['auto', 'auto', 240_000],
    ['9x9', 'ultra', 240_000],
  ])('two of %s, %s: %d', (size, quality, micros) => expect(cost({ images }, { images: { count: 2, size, quality } })).toBe(micros));

  test('as many as were made, never more than were asked for', () => {
    const asked = { images: { count: 3, size: '1024x1024', quality: 'standard' } };
    expect(cost({ images }, asked, { images: 1 })).toBe(40_000);
    expect(cost({ images }, asked, { images: 99 })).toBe(120_000);
  });

  test('minutes as counted, else as many as the bytes can be; characters', () => {
    expect(cost({ minute: 6_000 }, { bytes: 30_000 }, { seconds: 30 })).toBe(3_000);
    expect(cost({ minute: 6_000 }, { bytes: 30_000 })).toBe(6_000);
    expect(cost({ minute: 6_000 }, { bytes: 1 }, { seconds: 1e300 })).toBe(100_000_000);
    expect(cost({ characters: 15_000_000 }, { characters: 4_096 })).toBe(61_440);
    expect(cost({ characters: 15_000_000 }, {})).toBe(0);
    expect(withMedia(PRICE, { characters: 5 })).toBe(PRICE);
  });
});

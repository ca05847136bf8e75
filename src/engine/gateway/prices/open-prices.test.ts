import { describe, expect, test } from 'vitest';
import { PricesConfig } from '../../../core/gateway-prices-config.ts';
import { openPrices } from './open-prices.ts';
import { ANTHROPIC_PRICES, GOOGLE_PRICES, OPENAI_PRICES } from './price-list.ts';

const builtin = openPrices(PricesConfig.parse({}));

describe('prices that come with Cordon', () => {
  test.each([
    ['openai', 'gpt-4o', 2_500_000],
    ['openai', 'gpt-4o-2024-08-06', 2_500_000],
    ['openai', 'gpt-4o-2024-05-13', 5_000_000],
    ['openai', 'gpt-5-mini', 250_000],
    ['anthropic', 'claude-opus-4-20250514', 15_000_000],
    ['anthropic', 'claude-opus-4-5-20251101', 5_000_000],
    ['bedrock', 'us.anthropic.claude-opus-4-5-20251101-v1:0', 5_500_000],
    ['vertex', 'claude-sonnet-4-5@20250929', 3_300_000],
    ['vertex', 'google/gemini-2.5-pro', 1_375_000],
    ['azure-openai', 'gpt-4o', 2_750_000],
    ['ollama', 'llama3.2', 0],
    ['vllm', 'meta-llama/Llama-3.1-8B', 0],
  ])('%s %s: %d', (kind, model, input) => expect(builtin.priceOf(kind, model)?.input).toBe(input));

  test.each([
    ['openai', 'gpt-7'],
    ['openai', 'gpt-4o-audio-preview'],
    ['openai', 'gpt-5-ultra'],
    ['openai', 'ft:gpt-4o:acme'],
    ['anthropic', 'claude-opus-4-9'],
    ['anthropic', 'gpt-4o'],
    ['openai-compatible', 'gpt-4o'],
  ])('%s %s is not known', (kind, model) => expect(builtin.priceOf(kind, model)).toBeUndefined());

  test('tiers, batches and what is no token', () => {
    expect(builtin.priceOf('openai', 'gpt-5.5')).toMatchObject({
      batch: 500_000,
      tiers: {
        flex: { input: 2_500_000, output: 15_000_000 },
        priority: { input: 12_500_000, longContext: { above: 272_000, output: 75_000_000 } },
      },
    });
    expect(builtin.priceOf('openai', 'gpt-5-nano')?.tiers).not.toHaveProperty('priority');
    expect(builtin.priceOf('azure-openai', 'gpt-5')?.tiers).toEqual({ flex: expect.objectContaining({ input: 687_500 }) });
    expect(builtin.priceOf('anthropic', 'claude-opus-4-5')).toMatchObject({ cacheWriteHour: 10_000_000, batch: 500_000, tiers: undefined });
    const fast = (kind: string, model: string) => builtin.priceOf(kind, model)?.tiers?.fast;
    expect(fast('anthropic', 'claude-opus-5-5')).toMatchObject({ input: 8_000_000, cachedInput: 400_000, output: 40_000_000 });
    expect(fast('anthropic', 'claude-opus-4-6')).toMatchObject({ input: 30_000_000, cacheWriteHour: 60_000_000, output: 150_000_000 });
    expect([fast('vertex', 'claude-opus-5-5'), fast('anthropic', 'claude-haiku-5-5'), fast('openai', 'gpt-4o-mini')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(fast('openai', 'gpt-5.6-sol')).toMatchObject({
      input: 10_000_000,
      cachedInput: 1_000_000,
      cacheWrite: 12_500_000,
      output: 60_000_000,
    });
    expect(fast('openai', 'gpt-5.6-sol')).toEqual(builtin.priceOf('openai', 'gpt-5.6-sol')?.tiers?.priority);
    expect(builtin.priceOf('bedrock', 'anthropic.claude-opus-4-5')?.batch).toBeUndefined();
    expect(builtin.priceOf('openai', 'whisper-1')?.media?.minute).toBe(6_000);
    expect(builtin.priceOf('openai', 'dall-e-3')?.media?.images).toHaveLength(4);
    expect(builtin.priceOf('openai', 'tts-1-hd')?.media?.characters).toBe(30_000_000);
    expect(builtin.priceOf('openai', 'gpt-4o-mini-transcribe-2025-12-15')).toMatchObject({ input: 3_000_000, output: 5_000_000 });
    expect(builtin.priceOf('openai', 'gpt-4o-mini-tts')).toBeUndefined();
  });

  test('the list is plausible: no name twice, the cache never dearer than the input', () => {
    for (const list of [OPENAI_PRICES, ANTHROPIC_PRICES, GOOGLE_PRICES]) {
      const names = list.flatMap(({ models }) => models);
      expect(new Set(names).size).toBe(names.length);
      for (const { models, input, cached = input, write = input } of list) {
        expect(cached, models[0]).toBeLessThanOrEqual(input);
        expect(write, models[0]).toBeGreaterThanOrEqual(input);
      }
    }
  });
});

describe('prices of the configuration', () => {
  test('come first, in their order, with wildcards', () => {
    const prices = openPrices(
      PricesConfig.parse({
        models: [
          { model: 'gpt-4o', upstream: 'azure-openai', input: 1, output: 2 },
          { model: 'gpt-*-mini', input: 0.1, output: 0.2, cachedInput: 0.01 },
          { model: '*', upstream: 'openai-compatible', input: 9, output: 9, request: 0.002 },
        ],
      }),
    );
    expect(prices.priceOf('azure-openai', 'gpt-4o')).toMatchObject({ input: 1_000_000, cachedInput: 1_000_000, output: 2_000_000 });
    expect(prices.priceOf('openai', 'gpt-4o')?.input).toBe(2_500_000);
    expect(prices.priceOf('openai', 'gpt-5-mini')).toMatchObject({ input: 100_000, cachedInput: 10_000 });
    expect(prices.priceOf('openai-compatible', 'anything')).toMatchObject({ input: 9_000_000, request: 2_000 });
  });

  test('say what tiers, batches, pictures and recordings cost', () => {
    const entry = {
      model: 'x',
      input: 1,
      output: 2,
      cacheWriteHour: 2,
      batch: 0.5,
      tiers: { priority: { input: 3, output: 4 } },
      images: [{ size: '1024x1024', usd: 0.04 }],
      minute: 0.006,
      characters: 15,
    };
    expect(openPrices(PricesConfig.parse({ models: [entry] })).priceOf('any', 'x')).toMatchObject({
      cacheWriteHour: 2_000_000,
      batch: 500_000,
      tiers: { priority: { input: 3_000_000, output: 4_000_000 } },
      media: { images: [{ size: '1024x1024', each: 40_000 }], minute: 6_000, characters: 15_000_000 },
    });
    expect(() => PricesConfig.parse({ models: [{ ...entry, tiers: { warp: { input: 1, output: 1 } } }] })).toThrow();
  });

  test('can stand alone', () => {
    expect(openPrices(PricesConfig.parse({ builtin: false })).priceOf('openai', 'gpt-4o')).toBeUndefined();
  });

  test('say what they do not know', () => {
    expect(() => PricesConfig.parse({ models: [{ model: 'x', input: 1, output: 1, inputs: 2 }] })).toThrow('inputs');
  });
});

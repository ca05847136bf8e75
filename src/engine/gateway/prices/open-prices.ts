import type { PriceEntry, PricesConfig } from '../../../core/gateway-prices-config.ts';
import type { MediaPrice } from './media-price.ts';
import { batchPrice, type Price, type TokenRates } from './price.ts';
import { ANTHROPIC_PRICES, BATCH_PART, GOOGLE_PRICES, OPENAI_PRICES, type ListedPrice } from './price-list.ts';

/** What models cost. */
export interface Prices {
  /** Undefined: not known, which is not the same as free. */
  priceOf(upstreamKind: string, model: string): Price | undefined;
}

/** Why bounded: names of models may come from clients. */
const MOST_KNOWN = 10_000;
const MICRO = 1_000_000;
/** Why: regional and data-zone deployments of the clouds cost a tenth more than the list; the dearer of the two is taken. */
const REGIONAL = 1.1;
/** Why not of Bedrock and Vertex: batches of these clouds do not pass here. */
const BATCHES: ReadonlySet<string> = new Set(['openai', 'azure-openai', 'anthropic']);

interface Row {
  readonly upstream: string;
  readonly fits: (model: string) => boolean;
  readonly price: Price;
}

/** Rows of the configuration first, in their order; then those that come with Cordon. */
export function openPrices(config: PricesConfig): Prices {
  const rows = [...config.models.map(configured), ...(config.builtin ? builtin() : [])];
  const known = new Map<string, Price | undefined>();
  return {
    priceOf(upstreamKind, model) {
      const name = `${upstreamKind} ${model}`;
      if (known.has(name)) return known.get(name);
      const price = rows.find(({ upstream, fits }) => (upstream === '*' || upstream === upstreamKind) && fits(model))?.price;
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(name, price);
      return price;
    },
  };
}

function configured(entry: PriceEntry): Row {
  const long = entry.longContext;
  const price: Price = {
    ...rates(entry),
    request: Math.round(entry.request * MICRO),
    longContext: long === undefined ? undefined : { above: long.above, ...rates(long) },
    batch: entry.batch === undefined ? undefined : micro(entry.batch),
    tiers: tiersOf(entry),
    media: mediaOf(entry),
  };
  return { upstream: entry.upstream, fits: wildcard(entry.model), price };
}

function tiersOf({ tiers }: PriceEntry): Price['tiers'] {
  if (tiers === undefined) return undefined;
  return Object.fromEntries(Object.entries(tiers).map(([tier, usd]) => [tier, { ...rates(usd), longContext: undefined, request: 0 }]));
}

function mediaOf({ images, minute, characters }: Pick<PriceEntry, 'images' | 'minute' | 'characters'>): MediaPrice | undefined {
  if (images === undefined && minute === undefined && characters === undefined) return undefined;
  return {
    images: images?.map(({ size, quality, usd }) => ({ size, quality, each: micro(usd) })),
    minute: minute === undefined ? undefined : micro(minute),
    characters: characters === undefined ? undefined : micro(characters),
  };
}

interface Usd {
  readonly input: number;
  readonly cachedInput?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly cacheWriteHour?: number | undefined;
  readonly output: number;
}

function rates(usd: Usd): TokenRates {
  return {
    input: micro(usd.input),
    cachedInput: micro(usd.cachedInput ?? usd.input),
    cacheWrite: micro(usd.cacheWrite ?? usd.input),
    cacheWriteHour: usd.cacheWriteHour === undefined ? undefined : micro(usd.cacheWriteHour),
    output: micro(usd.output),
  };
}

/** Why up: what is rounded down could be charged too low. */
function micro(usd: number): number {
  return Math.ceil(Number((usd * MICRO).toFixed(3)));
}

function builtin(): Row[] {
  const free = listedPrice({ models: [], input: 0, output: 0 }, 1);
  const own = (upstream: string): Row => ({ upstream, fits: () => true, price: free });
  return [
    ...listed(OPENAI_PRICES, 'openai', 1),
    ...listed(OPENAI_PRICES, 'azure-openai', REGIONAL),
    ...listed(ANTHROPIC_PRICES, 'anthropic', 1),
    ...listed(ANTHROPIC_PRICES, 'bedrock', REGIONAL),
    ...listed(ANTHROPIC_PRICES, 'vertex', REGIONAL),
    ...listed(GOOGLE_PRICES, 'vertex', REGIONAL),
    // Servers of one's own charge nothing for a token.
    own('ollama'),
    own('vllm'),
  ];
}

function listed(prices: readonly ListedPrice[], upstream: string, factor: number): Row[] {
  return prices.map((row) => ({
    upstream,
    fits: (model) => row.models.some((name) => isVersionOf(model, name)),
    price: {
      ...listedPrice(row, factor),
      tiers: listedTiers(row, upstream, factor),
      batch: BATCHES.has(upstream) ? micro(BATCH_PART) : undefined,
    },
  }));
}

function listedPrice(
  { input, cached = input, write = input, writeHour, output, long, images, minute, characters }: ListedPrice,
  factor: number,
): Price {
  const scaled = (inputs: number, outputs: number): TokenRates => ({
    input: micro(input * inputs * factor),
    cachedInput: micro(cached * inputs * factor),
    cacheWrite: micro(write * inputs * factor),
    cacheWriteHour: writeHour === undefined ? undefined : micro(writeHour * inputs * factor),
    output: micro(output * outputs * factor),
  });
  const times = (usd: number | undefined): number | undefined => (usd === undefined ? undefined : usd * factor);
  return {
    ...scaled(1, 1),
    request: 0,
    longContext: long === undefined ? undefined : { above: long.above, ...scaled(long.input, long.output) },
    media: mediaOf({
      images: images?.map(([size, quality, usd]) => ({ size, quality, usd: usd * factor })),
      minute: times(minute),
      characters: times(characters),
    }),
  };
}

/** Why the dearer of both above the length: the list of priority leaves long input out, and its own rates may be lower. */
function listedTiers(row: ListedPrice, upstream: string, factor: number): Price['tiers'] {
  if (upstream === 'anthropic' && row.fast !== undefined) return { fast: listedPrice(row, row.fast) };
  if (upstream !== 'openai' && upstream !== 'azure-openai') return undefined;
  const standard = listedPrice(row, factor);
  const tiers: Record<string, Price> = { flex: batchPrice({ ...standard, batch: micro(BATCH_PART) }) };
  const priority = upstream === 'openai' ? row.priority : undefined;
  if (priority !== undefined) {
    const [input, cached, output] = priority;
    const write = ((row.write ?? row.input) * input) / row.input;
    const rate = listedPrice({ models: [], input, cached, write, output }, 1);
    const { longContext: long } = standard;
    const dearer = (name: 'input' | 'cachedInput' | 'cacheWrite' | 'output'): number => Math.max(rate[name], long?.[name] ?? 0);
    const above = {
      input: dearer('input'),
      cachedInput: dearer('cachedInput'),
      cacheWrite: dearer('cacheWrite'),
      output: dearer('output'),
    };
    // Two names of one tier.
    tiers.priority = tiers.fast = { ...rate, longContext: long === undefined ? undefined : { above: long.above, ...above } };
  }
  return tiers;
}

/**
 * The name itself, with a date after it, or as the clouds write it: `us.anthropic.NAME-20251101-v1:0`, `google/NAME`,
 * `NAME@20251101`, `publishers/.../models/NAME`.
 */
function isVersionOf(model: string, name: string): boolean {
  const bare = model.replace(/^(?:.*\/)?(?:(?:[a-z-]{2,12}\.)?anthropic\.)?/, '');
  if (!bare.startsWith(name)) return false;
  return /^(?:[-@]20\d\d-?\d\d-?\d\d)?(?:-v\d+(?::\d+)?)?(?:@default|-latest)?$/.test(bare.slice(name.length));
}

function wildcard(pattern: string): (model: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (model) => model === pattern;
  return (model) => {
    const [first = '', ...rest] = parts;
    const last = rest.pop() ?? '';
    if (!model.startsWith(first) || !model.endsWith(last) || model.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of rest) {
      const found = model.indexOf(part, at);
      if (found < 0 || found + part.length > model.length - last.length) return false;
      at = found + part.length;
    }
    return true;
  };
}

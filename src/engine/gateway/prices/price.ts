import type { Usage } from '../call.ts';
import type { MediaPrice } from './media-price.ts';

/** Micro-dollars for a million tokens, integers: a price of 0.075 dollars is 75,000. */
export interface TokenRates {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  /** Of what stays in the cache for an hour; default: as `cacheWrite`. */
  readonly cacheWriteHour?: number | undefined;
  readonly output: number;
}

/** What a model costs. */
export interface Price extends TokenRates {
  /** Rates of the whole call when its input has more than `above` tokens. */
  readonly longContext: (TokenRates & { readonly above: number }) | undefined;
  /** Micro-dollars for each call, whatever its tokens. */
  readonly request: number;
  /** Part of it that a request of a batch costs, in millionths; without it, all. */
  readonly batch?: number | undefined;
  /** Prices of service tiers, by their names; those that are not here are not known. */
  readonly tiers?: Readonly<Partial<Record<string, Price>>> | undefined;
  /** What is charged besides tokens. */
  readonly media?: MediaPrice | undefined;
}

/** What a request of a batch costs. */
export function batchPrice(price: Price): Price {
  const { batch = MILLION, longContext } = price;
  // Why up: what is rounded down could be charged too low.
  const part = (rate: number): number => Math.ceil((rate * batch) / MILLION);
  const rates = ({ input, cachedInput, cacheWrite, cacheWriteHour, output }: TokenRates): TokenRates => ({
    input: part(input),
    cachedInput: part(cachedInput),
    cacheWrite: part(cacheWrite),
    cacheWriteHour: cacheWriteHour === undefined ? undefined : part(cacheWriteHour),
    output: part(output),
  });
  return {
    ...rates(price),
    longContext: longContext === undefined ? undefined : { above: longContext.above, ...rates(longContext) },
    request: part(price.request),
  };
}

const MILLION = 1_000_000;
/** Why: with at most 1e9 micro-dollars a million tokens, every product and sum below stays an exact integer. */
const MOST_TOKENS = 1_000_000_000;

/** What a call cost, in whole micro-dollars, rounded up. */
export function costOf(price: Price, usage: Usage): number {
  const input = tokens(usage.inputTokens);
  const cached = Math.min(tokens(usage.cachedTokens), input);
  const written = Math.min(tokens(usage.cacheWriteTokens ?? 0), input - cached);
  const hour = Math.min(tokens(usage.cacheWriteHourTokens ?? 0), written);
  const rates = ratesFor(price, input);
  const parts = [
    [input - cached - written, rates.input],
    [cached, rates.cachedInput],
    [written - hour, rates.cacheWrite],
    [hour, rates.cacheWriteHour ?? rates.cacheWrite],
    [tokens(usage.outputTokens), rates.output],
  ] as const;
  return price.request + sumUp(parts);
}

/** The most that a call can cost with so many tokens at most: no cache helps, and all of it is written to one. */
export function costAtMost(price: Price, inputTokens: number, outputTokens: number): number {
  const input = tokens(inputTokens);
  const output = tokens(outputTokens);
  const rates = ratesFor(price, input);
  const atMost = sumUp([
    [input, dearestInput(rates)],
    [output, rates.output],
  ]);
  if (rates === price) return price.request + atMost;
  // Why: a call may turn out shorter than its bound, and then its own rates could be higher ones.
  const shorter = sumUp([
    [price.longContext?.above ?? 0, dearestInput(price)],
    [output, price.output],
  ]);
  return price.request + Math.max(atMost, shorter);
}

/** The price of a service tier; undefined: it is not known. A tier that asks for nothing in particular has the price itself. */
export function tierPrice(price: Price, tier: string | undefined): Price | undefined {
  if (tier === undefined || STANDARD.has(tier)) return price;
  return price.tiers !== undefined && Object.hasOwn(price.tiers, tier) ? price.tiers[tier] : undefined;
}

const STANDARD: ReadonlySet<string> = new Set(['', 'auto', 'default', 'standard', 'standard_only']);

function dearestInput({ input, cachedInput, cacheWrite, cacheWriteHour = 0 }: TokenRates): number {
  return Math.max(input, cachedInput, cacheWrite, cacheWriteHour);
}

function ratesFor(price: Price, input: number): TokenRates {
  return price.longContext !== undefined && input > price.longContext.above ? price.longContext : price;
}

/** Why not one product: tokens times rate passes what a double holds exactly; millions and the rest apart never do. */
function sumUp(parts: readonly (readonly [count: number, rate: number])[]): number {
  let whole = 0;
  let rest = 0;
  for (const [count, rate] of parts) {
    whole += millions(count) * rate;
    rest += (count % MILLION) * rate;
  }
  return whole + Math.ceil(rest / MILLION);
}

function millions(count: number): number {
  return Math.floor(count / MILLION);
}

/** Counts of upstreams are hostile: what is no count is none, what is absurd is the most. */
function tokens(count: number): number {
  return count > 0 ? Math.min(Math.ceil(count), MOST_TOKENS) : 0;
}

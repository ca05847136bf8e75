import type { Usage } from '../call.ts';

/** Micro-dollars for a million tokens, integers: a price of 0.075 dollars is 75,000. */
export interface TokenRates {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
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
}

/** What a request of a batch costs. */
export function batchPrice(price: Price): Price {
  const { batch = MILLION, longContext } = price;
  // Why up: what is rounded down could be charged too low.
  const part = (rate: number): number => Math.ceil((rate * batch) / MILLION);
  const rates = ({ input, cachedInput, cacheWrite, output }: TokenRates): TokenRates => ({
    input: part(input),
    cachedInput: part(cachedInput),
    cacheWrite: part(cacheWrite),
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
  const rates = ratesFor(price, input);
  return (
    price.request +
    sumUp(
      input - cached - written,
      rates.input,
      cached,
      rates.cachedInput,
      written,
      rates.cacheWrite,
      tokens(usage.outputTokens),
      rates.output,
    )
  );
}

/** The most that a call can cost with so many tokens at most: no cache helps, and all of it is written to one. */
export function costAtMost(price: Price, inputTokens: number, outputTokens: number): number {
  const input = tokens(inputTokens);
  const rates = ratesFor(price, input);
  const dearest = Math.max(rates.input, rates.cachedInput, rates.cacheWrite);
  const atMost = sumUp(input, dearest, 0, 0, 0, 0, tokens(outputTokens), rates.output);
  if (rates === price) return price.request + atMost;
  // Why: a call may turn out shorter than its bound, and then its own rates could be higher ones.
  const short = Math.max(price.input, price.cachedInput, price.cacheWrite);
  return price.request + Math.max(atMost, sumUp(price.longContext?.above ?? 0, short, 0, 0, 0, 0, tokens(outputTokens), price.output));
}

function ratesFor(price: Price, input: number): TokenRates {
  return price.longContext !== undefined && input > price.longContext.above ? price.longContext : price;
}

/** Why not one product: tokens times rate passes what a double holds exactly; millions and the rest apart never do. */
function sumUp(a: number, ra: number, b: number, rb: number, c: number, rc: number, d: number, rd: number): number {
  const whole = millions(a) * ra + millions(b) * rb + millions(c) * rc + millions(d) * rd;
  const rest = (a % MILLION) * ra + (b % MILLION) * rb + (c % MILLION) * rc + (d % MILLION) * rd;
  return whole + Math.ceil(rest / MILLION);
}

function millions(count: number): number {
  return Math.floor(count / MILLION);
}

/** Counts of upstreams are hostile: what is no count is none, what is absurd is the most. */
function tokens(count: number): number {
  return count > 0 ? Math.min(Math.ceil(count), MOST_TOKENS) : 0;
}

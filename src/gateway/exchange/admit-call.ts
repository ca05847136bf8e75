import { CordonError } from '../../core/errors.ts';
import type { Asked } from '../../engine/gateway/limits/limits.ts';
import type { Price } from '../../engine/gateway/prices/price.ts';
import type { Exchange } from './exchange.ts';

/** What it costs to look at something. */
export const NOTHING: Price = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, longContext: undefined, request: 0 };

/** What a request that asks no model comes to: limits of requests and of calls at the same time count it. */
export const NO_TOKENS: Omit<Asked, 'session'> = { inputTokens: 0, maxOutputTokens: 0, price: NOTHING };

/** What comes to a call that is under way, or waits for what a server may say. */
export const BESIDE: Omit<Asked, 'session'> = { ...NO_TOKENS, isBeside: true };

/** Takes what the call needs of every limit. Throws `gateway.limited`; the answer then says when to come again. */
export async function admitCall(exchange: Exchange, asked: Omit<Asked, 'session'>): Promise<void> {
  const { services, call, session, response } = exchange;
  const answer = services.limits.admit(call, { ...asked, session });
  const admission = answer instanceof Promise ? await answer : answer;
  if (!admission.ok) {
    response.setHeaders(new Map(Object.entries(admission.headers)));
    // Why: clients would try again and again, for a month or for ever.
    if (admission.isLasting) response.setHeader('x-should-retry', 'false');
    throw new CordonError('gateway.limited', admission.message);
  }
  exchange.admission = admission;
  exchange.price = asked.price;
}

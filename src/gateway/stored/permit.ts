import { CordonError } from '../../core/errors.ts';
import { subjectOf } from '../../engine/gateway/defence/stop.ts';
import type { Price } from '../../engine/gateway/prices/price.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import { admitCall, NO_TOKENS } from '../exchange/admit-call.ts';
import { identifyCaller } from '../exchange/identify-caller.ts';
import type { Exchange } from '../exchange/exchange.ts';

/** What a request may come to, at most. */
export interface AtMost {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly price: Price | undefined;
}

/** Finds out who calls, if records can be written at all. */
export async function begin(exchange: Exchange): Promise<void> {
  const refusal = exchange.services.audit.refusal();
  if (refusal !== undefined) throw refusal;
  await identifyCaller(exchange);
}

/** May this caller do this now, with this model? Throws `access.denied`, `gateway.stopped`. */
export function permit({ services, call, session }: Exchange, model = call.model): void {
  const asked = { ...call, model };
  if (services.switches.stopped(subjectOf(asked, session)) !== undefined)
    throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
  if (!services.callers.may(asked))
    throw new CordonError('access.denied', `The credential does not allow ${model === '' ? 'this' : model} on ${call.route}.`);
}

/** Counts the request; without `most` it costs no tokens. With it, the exchange is charged once {@link chargeMost} says so. Throws `gateway.limited`. */
export async function admitStored(exchange: Exchange, most?: AtMost): Promise<void> {
  const { inputTokens = 0, outputTokens = 0 } = most ?? {};
  await admitCall(exchange, most === undefined ? NO_TOKENS : { inputTokens, maxOutputTokens: outputTokens, price: most.price });
  if (most === undefined) exchange.usage = { inputTokens, outputTokens, cachedTokens: 0, measured: true };
}

/** From now on it may come to this much: whatever happens, it is charged. */
export function chargeMost(exchange: Exchange, { inputTokens, outputTokens }: AtMost): void {
  exchange.usage = { inputTokens, outputTokens, cachedTokens: 0, measured: false };
}

/** The guard for the call: of the caller, the route, the model. `endpoint`: what the requests of a batch are for. */
export function guardOf({ services, policy, call, session, route }: Exchange, endpoint: string = route.pattern): Guard {
  const closest = [services.defence.profileFor(call, session), services.callers.profileOf(call.caller)];
  return policy.guards.of(closest, endpoint, call.model === '' ? undefined : services.upstreams.routeOf(call.model)?.profile);
}

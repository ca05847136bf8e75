import { CordonError } from '../../core/errors.ts';
import { subjectOf } from '../../engine/gateway/defence/stop.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import type { Exchange } from './exchange.ts';

/** Finds out who calls, and whether they were stopped. Throws `access.unauthenticated`, `gateway.limited`, `gateway.stopped`. */
export async function identifyCaller(exchange: Exchange): Promise<void> {
  const { services, request, route } = exchange;
  const peer = peerOf(request);
  exchange.ip = peer.address ?? '';
  const answer = services.callers.identify(request.headers, peer);
  const caller = answer instanceof Promise ? await answer : answer;
  if (caller === undefined) throw turnedAway(exchange);
  exchange.caller = caller;
  const stop = services.switches.stopped(subjectOf({ caller, route: route.pattern, model: '' }));
  if (stop !== undefined) throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
}

/** Why only now: a valid credential counts from every address, whoever else sends from it. */
function turnedAway(exchange: Exchange): CordonError {
  const { services, request, response } = exchange;
  exchange.ip = services.callers.addressOf(request.headers, peerOf(request));
  const seconds = services.unauthenticated.count(exchange.ip);
  if (seconds === undefined)
    return new CordonError('access.unauthenticated', 'There is no valid key. Send one as Authorization: Bearer, or as x-api-key.');
  response.setHeader('retry-after', String(seconds));
  // Why: whoever goes on pays for a connection each time, and nobody reads the rest of what they send.
  response.shouldKeepAlive = false;
  return new CordonError('gateway.limited', 'There are too many requests without a valid key from this address.');
}

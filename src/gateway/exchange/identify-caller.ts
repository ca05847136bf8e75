import { CordonError } from '../../core/errors.ts';
import { subjectOf } from '../../engine/gateway/defence/stop.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import type { Exchange } from './exchange.ts';

/** Finds out who calls, and whether they were stopped. Throws `access.unauthenticated`, `gateway.stopped`. */
export async function identifyCaller(exchange: Exchange): Promise<void> {
  const { services, request, route } = exchange;
  const peer = peerOf(request);
  exchange.ip = peer.address ?? '';
  const answer = services.callers.identify(request.headers, peer);
  const caller = answer instanceof Promise ? await answer : answer;
  if (caller === undefined)
    throw new CordonError('access.unauthenticated', 'There is no valid key. Send one as Authorization: Bearer, or as x-api-key.');
  exchange.caller = caller;
  const stop = services.switches.stopped(subjectOf({ caller, route: route.pattern, model: '' }));
  if (stop !== undefined) throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
}

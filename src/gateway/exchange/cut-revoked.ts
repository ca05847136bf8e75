import { CordonError } from '../../core/errors.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import type { Exchange } from './exchange.ts';

/** Why: others answer at once, and end before anybody could have looked. */
export const LASTING_MS = 1_000;
/** Why: credentials are looked up for requests as well, only so many at a time, and those must not find the door closed. */
const AT_ONCE = 64;

/**
 * Cuts what lasts and whose caller may not go on: the credential is none any more, or does not allow the route or the model. Why: a stream
 * that was opened with a key would outlive its revocation by half an hour. Returns whether that is all: whoever could not be asked, and what
 * began before the change and does not last yet, is to be looked at again.
 */
export async function cutRevoked(all: readonly Exchange[], now: number, changedAt: number): Promise<boolean> {
  const lasting = all.filter((exchange) => lasts(exchange, now));
  let isWhole = all.every((exchange) => exchange.startedAt > changedAt || exchange.isFinished || lasts(exchange, now));
  for (let from = 0; from < lasting.length; from += AT_ONCE) {
    const asked = await Promise.all(lasting.slice(from, from + AT_ONCE).map(cutIfRevoked));
    isWhole &&= asked.every(Boolean);
  }
  return isWhole;
}

function lasts({ caller, cut, isWaiting, startedAt }: Exchange, now: number): boolean {
  return caller !== undefined && cut !== undefined && (isWaiting || now - startedAt >= LASTING_MS);
}

/** Whether it could be asked. */
async function cutIfRevoked(exchange: Exchange): Promise<boolean> {
  const { services, request, caller: before, route } = exchange;
  try {
    const caller = await services.callers.identify(request.headers, peerOf(request));
    const isSame = caller !== undefined && caller.principal.id === before?.principal.id;
    // Why not the model: MCP servers and tools stand there as well.
    if (isSame && services.callers.may({ caller, route: route.pattern, model: route.family === 'mcp' ? '' : exchange.model })) return true;
  } catch {
    // Nobody can be asked now: whoever could not be verified goes on until somebody can.
    return false;
  }
  exchange.cut?.(new CordonError('access.denied', 'The credential does not allow this any more.'));
  return true;
}

import { CordonError } from '../../core/errors.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import type { Exchange } from './exchange.ts';

/** Why: others answer at once, and end before anybody could have looked. */
const LASTING_MS = 1_000;

/**
 * Cuts what lasts and whose caller may not go on: the credential is none any more, or does not allow the route or the model. Why: a stream
 * that was opened with a key would outlive its revocation by half an hour.
 */
export async function cutRevoked(all: readonly Exchange[], now: number): Promise<void> {
  await Promise.all(all.filter((exchange) => lasts(exchange, now)).map(cutIfRevoked));
}

function lasts({ caller, cut, isWaiting, startedAt }: Exchange, now: number): boolean {
  return caller !== undefined && cut !== undefined && (isWaiting || now - startedAt >= LASTING_MS);
}

async function cutIfRevoked(exchange: Exchange): Promise<void> {
  const { services, request, caller: before, route } = exchange;
  try {
    const caller = await services.callers.identify(request.headers, peerOf(request));
    const isSame = caller !== undefined && caller.principal.id === before?.principal.id;
    // Why not the model: MCP servers and tools stand there as well.
    if (isSame && services.callers.may({ caller, route: route.pattern, model: route.family === 'mcp' ? '' : exchange.model })) return;
  } catch {
    // Nobody can be asked now: whoever could not be verified goes on until somebody can.
    return;
  }
  exchange.cut?.(new CordonError('access.denied', 'The credential does not allow this any more.'));
}

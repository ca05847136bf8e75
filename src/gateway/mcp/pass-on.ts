import { isPassedOn } from '../../identity/certificates/vouched-name.ts';
import { newId } from '../../store/ids.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { conversation } from '../exchange/owners.ts';

/** Why: of as many processes as there may be, each is met long before. */
const MOST_NAMES = 10_000;

/**
 * Has the process answer that remembers the session of a request; false where it is this one. `place`: id of the server. Without a name
 * it is the session that the caller has with a server that keeps none.
 */
export async function passedOn(exchange: Exchange, place: string, name: string, body?: Buffer): Promise<boolean> {
  const { services, request, response, call } = exchange;
  const owner = services.owners.elsewhere(conversation(call.caller.principal.id, `mcp/${place}`, name));
  if (owner === undefined || isPassedOn(request)) return false;
  await services.owners.passOn(owner, request, response, body);
  return true;
}

/** A new name of a session that this process remembers. */
export function sessionName({ services, call }: Exchange, place: string): string {
  let name = `cordon-${newId()}`;
  for (let tries = 0; tries < MOST_NAMES; tries++) {
    if (services.owners.elsewhere(conversation(call.caller.principal.id, `mcp/${place}`, name)) === undefined) return name;
    name = `cordon-${newId()}`;
  }
  return name;
}

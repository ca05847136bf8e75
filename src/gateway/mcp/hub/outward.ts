import { isObject } from '../../json/parse-object.ts';
import type { Outward } from '../mcp-context.ts';
import { idKey, type RpcId, type RpcMessage } from '../message.ts';
import type { Hub } from './hub.ts';
import { writeOuterUris } from './names.ts';
import { eventId } from './tokens.ts';

/** Writes what a server says as clients of all servers know it. */
export function outwardOf(hub: Hub, server: string): Outward {
  return {
    write(message) {
      writeOuterUris(server, message.body);
      if (message.kind === 'request') writeQuestion(hub, server, message);
      return message.kind !== 'notification' || writeNotice(hub, server, message);
    },
    eventId: (id) => eventId({ server, ids: { [server]: id } }),
    lost: () => void hub.parts.delete(server),
  };
}

function writeQuestion(hub: Hub, server: string, { id, body }: Extract<RpcMessage, { kind: 'request' }>): void {
  const meta = isObject(body.params) && isObject(body.params._meta) ? body.params._meta : undefined;
  const outer = hub.question({ server, id, token: meta?.progressToken });
  if (isObject(body.params) && typeof body.params.elicitationId === 'string') hub.visit(server, body.params.elicitationId);
  body.id = outer;
  if (meta?.progressToken !== undefined) meta.progressToken = outer;
}

/** False: it is about what another server, or nobody, was asked. */
function writeNotice(hub: Hub, server: string, { method, body }: Extract<RpcMessage, { kind: 'notification' }>): boolean {
  const params = isObject(body.params) ? body.params : {};
  if (method === 'notifications/cancelled') {
    const id = hub.idOf(server, params.requestId);
    if (id !== undefined) params.requestId = id;
    return id !== undefined;
  }
  if (method === 'notifications/progress') return isToken(params.progressToken) && hub.wasGiven(server, idKey(params.progressToken));
  return method !== 'notifications/elicitation/complete' || hub.mayEnd(server, params.elicitationId);
}

function isToken(token: unknown): token is RpcId {
  return typeof token === 'string' || typeof token === 'number';
}

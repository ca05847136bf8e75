import { isObject } from '../../json/parse-object.ts';
import type { Outward } from '../mcp-context.ts';
import type { RpcMessage } from '../message.ts';
import type { Hub } from './hub.ts';
import { writeOuterUris } from './names.ts';
import { eventId } from './tokens.ts';

/** Writes what a server says as clients of all servers know it. */
export function outwardOf(hub: Hub, server: string): Outward {
  return {
    write(message) {
      writeOuterUris(server, message.body);
      if (message.kind === 'request') writeQuestion(hub, server, message);
      else if (message.kind === 'notification' && message.method === 'notifications/cancelled') writeCancelled(hub, server, message);
    },
    eventId: (id) => eventId({ server, ids: { [server]: id } }),
    lost: () => void hub.parts.delete(server),
  };
}

function writeQuestion(hub: Hub, server: string, { id, body }: Extract<RpcMessage, { kind: 'request' }>): void {
  const meta = isObject(body.params) && isObject(body.params._meta) ? body.params._meta : undefined;
  const outer = hub.question({ server, id, token: meta?.progressToken });
  body.id = outer;
  if (meta?.progressToken !== undefined) meta.progressToken = outer;
}

function writeCancelled(hub: Hub, server: string, { body }: RpcMessage): void {
  if (!isObject(body.params)) return;
  const id = hub.idOf(server, body.params.requestId);
  if (id !== undefined) body.params.requestId = id;
}

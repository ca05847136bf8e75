import type { IncomingMessage } from 'node:http';
import type { ServerConfig } from '../core/server-config.ts';
import { CordonError } from '../core/errors.ts';
import type { Access } from '../registry/http/access.ts';

/** What a request through a proxy has. Why: a proxy on this machine asks for the whole world. */
const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'] as const;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
/** Why asked: a page whose name leads to this machine (DNS rebinding) comes from here, too, under its own name. */
const LOCAL_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Throws unless whoever asks may read metrics: as the configuration says, somebody on this machine, or with the action `audit`. */
export async function requireMetricsReader(request: IncomingMessage, access: Access, rule: ServerConfig['metrics']): Promise<void> {
  if (rule === 'off') throw new CordonError('file.missing', 'there is nothing at this address');
  if (rule === 'anybody' || (rule === 'local' && isLocal(request))) return;
  const principal = await access.authenticate(request.headers.authorization, request);
  if (principal === undefined) throw new CordonError('access.unauthenticated', 'send a token: Authorization: Bearer cordon_...');
  if (!principal.can('audit', '*')) throw new CordonError('access.denied', `${principal.name} may not read metrics`);
}

function isLocal({ socket, headers }: IncomingMessage): boolean {
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    LOCAL_HOST.test(headers.host ?? '') &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}

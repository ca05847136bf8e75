import { CordonError } from '../../core/errors.ts';
import type { McpContext } from './mcp-context.ts';
import { sessionName } from './pass-on.ts';
import type { McpSession } from './mcp-session.ts';

/** What a client may call its session. */
export const SESSION_ID = /^[\x21-\x7e]{1,200}$/;

/**
 * Begins the session of a client that initializes, under a name of ours. Why not the server's: by ours every process of the gateway knows
 * which one remembers the session.
 */
export function openSession(
  { exchange, server }: McpContext,
  given: string | string[] | undefined,
): { readonly id: string; readonly session: McpSession } {
  if (given !== undefined && (typeof given !== 'string' || !SESSION_ID.test(given)))
    throw new CordonError('upstream.failed', 'the server names its session in a way that cannot be passed on');
  const { mcp } = exchange.services;
  const id = sessionName(exchange, server.config.id);
  const session = mcp.sessions.begin(exchange.call.caller.principal.id, server.config.id, id, given, exchange.policy.config.mcp);
  exchange.session = id;
  return { id, session };
}

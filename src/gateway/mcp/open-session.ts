import { CordonError } from '../../core/errors.ts';
import { newId } from '../../store/ids.ts';
import type { McpContext } from './mcp-context.ts';
import type { McpSession } from './mcp-session.ts';

/** What a client may call its session. */
export const SESSION_ID = /^[\x21-\x7e]{1,200}$/;

/** Begins the session of a client that initializes: under the name that the server gives it, or ours where it keeps none. */
export function openSession(
  { exchange, server }: McpContext,
  given: string | string[] | undefined,
): { readonly id: string; readonly session: McpSession } {
  if (given !== undefined && (typeof given !== 'string' || !SESSION_ID.test(given)))
    throw new CordonError('upstream.failed', 'the server names its session in a way that cannot be passed on');
  const id = given ?? `cordon-${newId()}`;
  const { mcp } = exchange.services;
  const session = mcp.sessions.begin(exchange.call.caller.principal.id, server.config.id, id, given, exchange.policy.config.mcp);
  exchange.session = id;
  return { id, session };
}

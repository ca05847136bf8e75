import { CordonError } from '../../core/errors.ts';
import type { McpServer } from '../../engine/gateway/mcp/mcp-servers.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { identifyCaller } from '../exchange/identify-caller.ts';
import { asCordonError } from '../http/error-reply.ts';
import { bodyOf } from '../exchange/body-of.ts';
import { answerRpc, answerRpcError } from './answer-error.ts';
import type { McpSession } from './mcp-session.ts';
import type { RpcMessage } from './message.ts';
import { SESSION_ID } from './open-session.ts';
import { mediaType } from './read-answer.ts';
import { METHOD_NOT_FOUND, rpcError, SESSION_NOT_FOUND } from './rpc-error.ts';

/** Why: SDKs open one; more are kept connections that nobody reads. */
const MOST_STREAMS = 4;

/** Who calls, and from where? Throws what is answered as an error. */
export async function enterMcp(exchange: Exchange): Promise<void> {
  const { services, policy, request } = exchange;
  const refusal = services.audit.refusal();
  if (refusal !== undefined) throw refusal;
  const { origin } = request.headers;
  // Why: a page that has its name lead here must not use what the browser can reach.
  if (origin !== undefined && !policy.config.mcp.origins.includes(origin))
    throw new CordonError('access.denied', 'Web pages of this origin may not call.');
  await identifyCaller(exchange);
}

/** Throws `access.denied` unless the caller may use the route. */
export function requireRoute({ services, call, route }: Exchange): void {
  if (!services.callers.may({ ...call, model: '' }))
    throw new CordonError('access.denied', `The credential does not allow ${route.pattern}.`);
}

/** The body of a request, which is one message of JSON-RPC. */
export async function readMcpBody(exchange: Exchange): Promise<Buffer> {
  const { request } = exchange;
  if (mediaType(request.headers['content-type']) !== 'application/json')
    throw new CordonError('request.invalid', 'content-type must be application/json');
  return bodyOf(exchange);
}

/** The session of this name with a server, or with all (`place` is empty); undefined: the client was told that there is none. */
export async function namedSession(exchange: Exchange, place: string, id: unknown): Promise<McpSession | undefined> {
  const { services, policy, call } = exchange;
  if (typeof id !== 'string' || !SESSION_ID.test(id)) throw new CordonError('request.invalid', 'mcp-session-id is not one');
  const principal = call.caller.principal.id;
  const session = services.mcp.sessions.find(principal, place, id, policy.config.mcp);
  exchange.session = id;
  if (session === undefined) {
    const body = rpcError(null, SESSION_NOT_FOUND, 'Session not found');
    await answerRpc(exchange, { status: 404, body, outcome: 'refused', reason: 'request.invalid' });
    return undefined;
  }
  const { key, teams, ip } = call.caller;
  if (services.switches.stopped({ principal, key, teams, ip, session: id }) !== undefined)
    throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
  return session;
}

/** The guard for what is exchanged with a server. */
export function guardFor({ services, policy, call, session }: Exchange, { config }: McpServer): Guard {
  const closest = [services.defence.profileFor(call, session), services.callers.profileOf(call.caller)];
  return policy.guards.of(closest, `/mcp/${config.id}`, config.profile);
}

/** Answers with an error, of whatever kind. */
export async function failMcp(exchange: Exchange, cause: unknown, message: RpcMessage | undefined): Promise<void> {
  const error = asCordonError(cause);
  if (error.code === 'internal.bug')
    exchange.services.log.error({ error: String(cause), route: exchange.route.pattern }, 'a request failed');
  const id = message?.kind === 'request' ? message.id : null;
  await answerRpcError(exchange, error, id, message?.kind === 'request');
}

/** Throws `gateway.limited` when a session has as many streams as it may. */
export function requireRoomForStream(exchange: Exchange, session: McpSession): void {
  if (session.streams < MOST_STREAMS) return;
  exchange.response.setHeader('retry-after', '1');
  throw new CordonError('gateway.limited', 'This session has enough streams open.');
}

/** Answers a method of HTTP that is none of the protocol. */
export async function answerMethod(exchange: Exchange): Promise<void> {
  exchange.response.setHeader('allow', 'GET, POST, DELETE');
  const body = rpcError(null, METHOD_NOT_FOUND, 'Use POST, GET or DELETE.');
  await answerRpc(exchange, { status: 405, body, outcome: 'refused', reason: 'request.invalid' });
}

import { writeJson } from '../../formats/exact-json/write-json.ts';
import { createHash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { McpServer } from '../../engine/gateway/mcp/mcp-servers.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import { admitCall, NO_TOKENS } from '../exchange/admit-call.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { identifyCaller } from '../exchange/identify-caller.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { asCordonError } from '../http/error-reply.ts';
import { readBody } from '../http/read-body.ts';
import { answerRpc, answerRpcError } from './answer-error.ts';
import { deliverMcp } from './deliver-mcp.ts';
import { judgeClientResponse, judgeRequest, type JudgedRequest } from './judge-request.ts';
import type { McpContext } from './mcp-context.ts';
import type { McpSession } from './mcp-session.ts';
import { idKey, paramsOf, readMessage, type RpcMessage } from './message.ts';
import { CLIENT_NOTIFICATIONS, CLIENT_REQUESTS, SERVER_REQUESTS } from './methods.ts';
import { SESSION_ID } from './open-session.ts';
import { passedOn } from './pass-on.ts';
import { mediaType } from './read-answer.ts';
import { METHOD_NOT_FOUND, rpcError, SESSION_NOT_FOUND } from './rpc-error.ts';
import { serverHeaders, withinSession } from './upstream-headers.ts';

const PATH = /^\/mcp\/([a-z][a-z0-9-]{0,63})$/;
/** Why: SDKs open one; more are kept connections that nobody reads. */
const MOST_STREAMS = 4;

/** A request that is under way to a server. */
interface Incoming {
  readonly exchange: Exchange;
  readonly server: McpServer;
  /** What the server is told of it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes one HTTP request to an MCP server through everything. Answers errors itself; never throws. */
export async function handleMcp(exchange: Exchange, path: string): Promise<void> {
  try {
    const incoming = await enter(exchange, path);
    const { method, headers } = exchange.request;
    const id = headers['mcp-session-id'];
    if (typeof id === 'string' && (await passedOn(exchange, incoming.server.config.id, id))) return;
    if (id === undefined && (method === 'GET' || method === 'DELETE') && (await passedOn(exchange, incoming.server.config.id, ''))) return;
    if (method === 'POST') await post(incoming);
    else if (method === 'GET') await openStream(incoming);
    else if (method === 'DELETE') await endSession(incoming);
    else {
      exchange.response.setHeader('allow', 'GET, POST, DELETE');
      const body = rpcError(null, METHOD_NOT_FOUND, 'Use POST, GET or DELETE.');
      await answerRpc(exchange, { status: 405, body, outcome: 'refused', reason: 'request.invalid' });
    }
  } catch (error) {
    await fail(exchange, error, undefined);
  }
}

/** Who calls which server, and may they? */
async function enter(exchange: Exchange, path: string): Promise<Incoming> {
  const { services, policy, request, route } = exchange;
  const refusal = services.audit.refusal();
  if (refusal !== undefined) throw refusal;
  const { origin } = request.headers;
  // Why: a page that has its name lead here must not use what the browser can reach.
  if (origin !== undefined && !policy.config.mcp.origins.includes(origin))
    throw new CordonError('access.denied', 'Web pages of this origin may not call.');
  await identifyCaller(exchange);
  const id = PATH.exec(path)?.[1];
  const server = id === undefined ? undefined : services.mcp.servers.find(id);
  if (server === undefined) throw new CordonError('file.missing', 'There is no such MCP server.');
  exchange.model = server.config.id;
  if (!services.callers.may({ ...exchange.call, model: '' }))
    throw new CordonError('access.denied', `The credential does not allow ${route.pattern}.`);
  return { exchange, server, headers: serverHeaders(request.method ?? '', request.headers) };
}

async function post(incoming: Incoming): Promise<void> {
  const { exchange } = incoming;
  const { request, policy } = exchange;
  if (mediaType(request.headers['content-type']) !== 'application/json')
    throw new CordonError('request.invalid', 'content-type must be application/json');
  const bytes = await readBody(request, policy.config.maxBodyBytes);
  exchange.requestSha256 = createHash('sha256').update(bytes).digest('hex');
  const message = readMessage(bytes);
  try {
    // Why not one that begins: the process that takes it gives it a name of its own.
    const isNew = message.kind === 'request' && message.method === 'initialize';
    if (!isNew && request.headers['mcp-session-id'] === undefined && (await passedOn(exchange, incoming.server.config.id, '', bytes)))
      return;
    await take(incoming, message, bytes);
  } catch (error) {
    await fail(exchange, error, message);
  }
}

async function take(incoming: Incoming, message: RpcMessage, bytes: Buffer): Promise<void> {
  const { exchange, server } = incoming;
  const session = await sessionFor(incoming, message.kind === 'request' && message.method === 'initialize');
  if (session === undefined) return;
  const context: McpContext = { exchange, server, session, guard: guardFor(incoming) };
  if (message.kind === 'request' && !CLIENT_REQUESTS.has(message.method)) {
    const body = rpcError(message.id, METHOD_NOT_FOUND, 'The method is not allowed here.');
    return answerRpc(exchange, { status: 200, body, outcome: 'refused', reason: 'request.invalid' });
  }
  if (message.kind === 'request') await admitCall(exchange, NO_TOKENS);
  const judged = await judge(context, message);
  exchange.decided('request', judged.decision);
  if (refuses(judged.decision)) return refuse(exchange, message, judged);
  if (exchange.response.destroyed) throw new CordonError('request.invalid', 'the client left');
  const body = judged.changed ? Buffer.from(writeJson(message.body)) : bytes;
  const headers = withinSession(incoming.headers, session);
  const awaited = message.kind === 'request' ? ({ kind: 'response', id: message.id, method: message.method } as const) : TAKEN;
  if (message.kind === 'notification' && message.method === 'notifications/cancelled') cancel(session, message);
  await deliverMcp(context, { method: 'POST', headers, body }, awaited);
}

const TAKEN = { kind: 'taken' } as const;

async function judge(context: McpContext, message: RpcMessage): Promise<JudgedRequest> {
  if (message.kind === 'request') return judgeRequest(context, message);
  if (message.kind === 'notification') {
    if (!CLIENT_NOTIFICATIONS.has(message.method)) throw new CordonError('request.invalid', 'the notification is not allowed here');
    return judgeRequest(context, message);
  }
  const question = message.id === null ? undefined : context.session.takeQuestion(idKey(message.id));
  // Why: a response that nobody asked for is a message past every rule about requests.
  if (question === undefined) throw new CordonError('request.invalid', 'nobody asked this');
  return judgeClientResponse(context, message.body, SERVER_REQUESTS.get(question) ?? 'user');
}

/** A call that is refused is a tool that failed: agents tell their model, and go on. */
async function refuse(exchange: Exchange, message: RpcMessage, { decision }: JudgedRequest): Promise<void> {
  if (message.kind !== 'request' || message.method !== 'tools/call') throw refusalOf('request', decision);
  const own = decision.detections.length === 0 ? decision.reasons[0] : undefined;
  const isTold = own !== undefined && (own.id === 'tool-policy' || own.id === 'tool-description');
  const text = isTold ? `The call was refused by policy: ${own.message}` : 'The call was refused by policy.';
  const result = { content: [{ type: 'text', text }], isError: true };
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
  await answerRpc(exchange, { status: 200, body, outcome: 'blocked', reason: 'gateway.refused' });
}

async function openStream(incoming: Incoming): Promise<void> {
  const { exchange, server } = incoming;
  const session = await sessionFor(incoming, false);
  if (session === undefined) return;
  if (session.streams >= MOST_STREAMS) {
    exchange.response.setHeader('retry-after', '1');
    throw new CordonError('gateway.limited', 'This session has enough streams open.');
  }
  const headers = withinSession(incoming.headers, session);
  await deliverMcp({ exchange, server, session, guard: guardFor(incoming) }, { method: 'GET', headers }, { kind: 'stream' });
}

async function endSession(incoming: Incoming): Promise<void> {
  const { exchange, server } = incoming;
  const session = await sessionFor(incoming, false);
  if (session === undefined) return;
  if (session.upstreamId === undefined) {
    exchange.services.mcp.sessions.forget(exchange.call.caller.principal.id, server.config.id, exchange.session ?? '');
    await exchange.finish('served', 200, null);
    return void exchange.response.writeHead(200, { 'content-length': 0 }).end();
  }
  const headers = withinSession(incoming.headers, session);
  await deliverMcp({ exchange, server, session, guard: guardFor(incoming) }, { method: 'DELETE', headers }, { kind: 'ended' });
}

/** The session of a request; undefined: the client was told that there is none. One that begins has no name yet. */
async function sessionFor({ exchange, server }: Incoming, isNew: boolean): Promise<McpSession | undefined> {
  const { services, policy, request, call } = exchange;
  const { sessions } = services.mcp;
  const principal = call.caller.principal.id;
  const { id: of } = server.config;
  const id = request.headers['mcp-session-id'];
  if (isNew || id === undefined) {
    const known = sessions.find(principal, of, '', policy.config.mcp);
    return known ?? sessions.begin(principal, of, '', undefined, policy.config.mcp);
  }
  if (typeof id !== 'string' || !SESSION_ID.test(id)) throw new CordonError('request.invalid', 'mcp-session-id is not one');
  const session = sessions.find(principal, of, id, policy.config.mcp);
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

function guardFor({ exchange, server }: Incoming): Guard {
  const { services, policy, call, session, route } = exchange;
  const closest = [services.defence.profileFor(call, session), services.callers.profileOf(call.caller)];
  return policy.guards.of(closest, route.pattern, server.config.profile);
}

function cancel(session: McpSession, message: RpcMessage): void {
  const { requestId } = paramsOf(message);
  if (typeof requestId === 'string' || typeof requestId === 'number') session.live.get(idKey(requestId))?.();
}

async function fail(exchange: Exchange, cause: unknown, message: RpcMessage | undefined): Promise<void> {
  const error = asCordonError(cause);
  if (error.code === 'internal.bug')
    exchange.services.log.error({ error: String(cause), route: exchange.route.pattern }, 'a request failed');
  const id = message?.kind === 'request' ? message.id : null;
  await answerRpcError(exchange, error, id, message?.kind === 'request');
}

import { CordonError } from '../../core/errors.ts';
import type { McpServer } from '../../engine/gateway/mcp/mcp-servers.ts';
import { admitCall, BESIDE } from '../exchange/admit-call.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { deliverMcp } from './deliver-mcp.ts';
import { answerMethod, enterMcp, failMcp, guardFor, namedSession, readMcpBody, requireRoomForStream, requireRoute } from './enter-mcp.ts';
import { handleHub } from './hub/handle-hub.ts';
import type { McpSession } from './mcp-session.ts';
import { readMessage, type RpcMessage } from './message.ts';
import { passedOn } from './pass-on.ts';
import { takeMessage } from './take-message.ts';
import { serverHeaders, withinSession } from './upstream-headers.ts';

const PATH = /^\/mcp\/([a-z][a-z0-9-]{0,63})$/;

/** A request that is under way to a server. */
interface Incoming {
  readonly exchange: Exchange;
  readonly server: McpServer;
  /** What the server is told of it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes one HTTP request to an MCP server, or to all of them, through everything. Answers errors itself; never throws. */
export async function handleMcp(exchange: Exchange, path: string): Promise<void> {
  try {
    await enterMcp(exchange);
    if (path === '/mcp') return await handleHub(exchange);
    const incoming = enter(exchange, path);
    const { method, headers } = exchange.request;
    const { id: place } = incoming.server.config;
    const id = headers['mcp-session-id'];
    if (typeof id === 'string' && (await passedOn(exchange, place, id))) return;
    if (id === undefined && (method === 'GET' || method === 'DELETE') && (await passedOn(exchange, place, ''))) return;
    if (method === 'POST') await post(incoming);
    else if (method === 'GET') await openStream(incoming);
    else if (method === 'DELETE') await endSession(incoming);
    else await answerMethod(exchange);
  } catch (error) {
    await failMcp(exchange, error, undefined);
  }
}

/** Which server is asked, and may it be? */
function enter(exchange: Exchange, path: string): Incoming {
  const { services, request } = exchange;
  const id = PATH.exec(path)?.[1];
  const server = id === undefined ? undefined : services.mcp.servers.find(id);
  if (server === undefined) throw new CordonError('file.missing', 'There is no such MCP server.');
  exchange.model = server.config.id;
  requireRoute(exchange);
  return { exchange, server, headers: serverHeaders(request.method ?? '', request.headers) };
}

async function post(incoming: Incoming): Promise<void> {
  const { exchange } = incoming;
  const bytes = await readMcpBody(exchange);
  const message = readMessage(bytes);
  try {
    // Why not one that begins: the process that takes it gives it a name of its own.
    const isNew = message.kind === 'request' && message.method === 'initialize';
    const hasName = exchange.request.headers['mcp-session-id'] !== undefined;
    if (!isNew && !hasName && (await passedOn(exchange, incoming.server.config.id, '', bytes))) return;
    await take(incoming, message, bytes);
  } catch (error) {
    await failMcp(exchange, error, message);
  }
}

async function take({ exchange, server, headers }: Incoming, message: RpcMessage, bytes: Buffer): Promise<void> {
  const session = await sessionFor({ exchange, server, headers }, message.kind === 'request' && message.method === 'initialize');
  if (session === undefined) return;
  await takeMessage({ exchange, server, session, guard: guardFor(exchange, server) }, headers, message, bytes);
}

async function openStream(incoming: Incoming): Promise<void> {
  const { exchange, server } = incoming;
  const session = await sessionFor(incoming, false);
  if (session === undefined) return;
  requireRoomForStream(exchange, session);
  await admitCall(exchange, BESIDE);
  const headers = withinSession(incoming.headers, session);
  await deliverMcp({ exchange, server, session, guard: guardFor(exchange, server) }, { method: 'GET', headers }, { kind: 'stream' });
}

async function endSession(incoming: Incoming): Promise<void> {
  const { exchange, server } = incoming;
  const session = await sessionFor(incoming, false);
  if (session === undefined) return;
  await admitCall(exchange, BESIDE);
  if (session.upstreamId === undefined) {
    exchange.services.mcp.sessions.forget(exchange.call.caller.principal.id, server.config.id, exchange.session ?? '');
    await exchange.finish('served', 200, null);
    return void exchange.response.writeHead(200, { 'content-length': 0 }).end();
  }
  const headers = withinSession(incoming.headers, session);
  await deliverMcp({ exchange, server, session, guard: guardFor(exchange, server) }, { method: 'DELETE', headers }, { kind: 'ended' });
}

/** The session of a request; undefined: the client was told that there is none. One that begins has no name yet. */
async function sessionFor({ exchange, server }: Incoming, isNew: boolean): Promise<McpSession | undefined> {
  const { services, policy, request, call } = exchange;
  const { sessions } = services.mcp;
  const id = request.headers['mcp-session-id'];
  if (!isNew && id !== undefined) return namedSession(exchange, server.config.id, id);
  const principal = call.caller.principal.id;
  const known = sessions.find(principal, server.config.id, '', policy.config.mcp);
  return known ?? sessions.begin(principal, server.config.id, '', undefined, policy.config.mcp);
}

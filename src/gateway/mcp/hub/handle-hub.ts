import { CordonError } from '../../../core/errors.ts';
import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { admitCall, BESIDE, NO_TOKENS } from '../../exchange/admit-call.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { replyToServer } from '../ask-server.ts';
import { deliverMcp } from '../deliver-mcp.ts';
import { answerMethod, failMcp, namedSession, readMcpBody, requireRoomForStream, requireRoute } from '../enter-mcp.ts';
import { idKey, paramsOf, readMessage, type RpcMessage } from '../message.ts';
import { passedOn } from '../pass-on.ts';
import { answerUnknown, takeMessage } from '../take-message.ts';
import { serverHeaders, withinSession } from '../upstream-headers.ts';
import { beginHub } from './begin-hub.ts';
import { fanOut } from './fan-out.ts';
import { HubAnswer } from './hub-answer.ts';
import { streamHub } from './hub-stream.ts';
import { answerList, LISTS } from './lists.ts';
import { innerName, innerUri, type Named, writeInnerUris } from './names.ts';
import { contextOf, type HubCall, openPart, requireRunning } from './open-part.ts';
import { readEventId } from './tokens.ts';

type Request = Extract<RpcMessage, { kind: 'request' }>;

/** Why: it is kept for as long as the session, for servers that are opened later. */
const MOST_BYTES = 65_536;
const ROOTS_CHANGED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}');

/** Takes one HTTP request to all MCP servers together. Throws what is answered as an error. */
export async function handleHub(exchange: Exchange): Promise<void> {
  exchange.model = 'mcp';
  requireRoute(exchange);
  const { method, headers } = exchange.request;
  const id = headers['mcp-session-id'];
  if (typeof id === 'string' && (await passedOn(exchange, '', id))) return;
  if (method === 'POST') return post(exchange);
  if (method !== 'GET' && method !== 'DELETE') return answerMethod(exchange);
  const call = await callOf(exchange);
  if (call === undefined) return;
  return method === 'GET' ? openStream(call) : endSession(call);
}

async function post(exchange: Exchange): Promise<void> {
  const bytes = await readMcpBody(exchange);
  const message = readMessage(bytes);
  try {
    if (message.kind === 'request' && message.method === 'initialize') {
      if (bytes.length > MOST_BYTES) throw new CordonError('input.too-large', `initialize has at most ${MOST_BYTES} bytes`);
      return await beginHub(exchange, message);
    }
    const call = await callOf(exchange);
    if (call === undefined) return;
    if (message.kind !== 'request') await admitCall(exchange, BESIDE);
    if (message.kind === 'request') await takeRequest(call, message);
    else if (message.kind === 'notification') await takeNotification(call, message);
    else await takeResponse(call, message);
  } catch (error) {
    await failMcp(exchange, error, message);
  }
}

async function callOf(exchange: Exchange): Promise<HubCall | undefined> {
  const id = exchange.request.headers['mcp-session-id'];
  if (id === undefined) throw new CordonError('request.invalid', 'mcp-session-id is missing: initialize first');
  const session = await namedSession(exchange, '', id);
  return session?.hub === undefined ? undefined : { exchange, session, hub: session.hub };
}

async function takeRequest(call: HubCall, message: Request): Promise<void> {
  const { exchange, hub } = call;
  const list = LISTS.get(message.method);
  if (list !== undefined || message.method === 'ping' || message.method === 'logging/setLevel') {
    await admitCall(exchange, NO_TOKENS);
    hub.asked(idKey(message.id), undefined, tokenOf(message));
    const answer = new HubAnswer(exchange, message.id);
    if (list !== undefined) return answerList(call, list, message, answer);
    if (message.method !== 'ping')
      await fanOut(call, { method: message.method, needs: 'logging', params: () => structuredClone(paramsOf(message)) }, answer);
    return answer.end({});
  }
  const target = targetOf(message.method, paramsOf(message));
  if (target === undefined) return answerUnknown(exchange, message);
  hub.asked(idKey(message.id), target.server, tokenOf(message));
  await route(call, target.server, message);
}

/** The progress token of a request, as a key. */
function tokenOf(message: Request): string | undefined {
  const { _meta: meta } = paramsOf(message);
  const token = isObject(meta) ? meta.progressToken : undefined;
  return typeof token === 'string' || typeof token === 'number' ? idKey(token) : undefined;
}

/** Which server a request is for; its params then name what is there as that server does. */
function targetOf(method: string, params: JsonObject): Named | undefined {
  if (method === 'tools/call' || method === 'prompts/get') return renamed(params, 'name', innerName);
  if (method.startsWith('resources/')) return renamed(params, 'uri', innerUri);
  if (method !== 'completion/complete' || !isObject(params.ref)) return undefined;
  return params.ref.type === 'ref/resource' ? renamed(params.ref, 'uri', innerUri) : renamed(params.ref, 'name', innerName);
}

function renamed(holder: JsonObject, key: string, read: (name: unknown) => Named): Named {
  const named = read(holder[key]);
  holder[key] = named.name;
  return named;
}

async function takeNotification(call: HubCall, message: Extract<RpcMessage, { kind: 'notification' }>): Promise<void> {
  const { hub } = call;
  const params = paramsOf(message);
  if (message.method === 'notifications/cancelled') {
    const { requestId } = params;
    const server = typeof requestId === 'string' || typeof requestId === 'number' ? hub.askedOf(idKey(requestId)) : undefined;
    return server === undefined ? taken(call) : route(call, server, message);
  }
  if (message.method === 'notifications/progress') {
    const question = hub.questionOf(params.progressToken);
    if (question === undefined) throw new CordonError('request.invalid', 'nobody asked this');
    params.progressToken = question.token;
    return route(call, question.server, message);
  }
  if (message.method === 'notifications/roots/list_changed') tellAll(call, ROOTS_CHANGED);
  else if (message.method !== 'notifications/initialized') throw new CordonError('request.invalid', 'the notification is not allowed here');
  return taken(call);
}

async function takeResponse(call: HubCall, message: Extract<RpcMessage, { kind: 'response' }>): Promise<void> {
  const question = call.hub.questionOf(message.id);
  if (question === undefined) throw new CordonError('request.invalid', 'nobody asked this');
  message.body.id = question.id;
  await route(call, question.server, { ...message, id: question.id });
}

/** Takes a message to one server, as if the client spoke with it alone: its permissions, limits, blocks and guard. */
async function route(call: HubCall, id: string, message: RpcMessage): Promise<void> {
  const { exchange } = call;
  const server = exchange.services.mcp.servers.find(id);
  if (server === undefined) throw new CordonError('request.invalid', 'there is no such MCP server');
  exchange.route = { pattern: `/mcp/${id}`, family: 'mcp' };
  exchange.model = id;
  requireRoute(exchange);
  requireRunning(exchange, server);
  const { session } = await openPart(call, server, true);
  if (message.kind === 'request') writeInnerUris(id, paramsOf(message), 'arguments');
  const headers = serverHeaders('POST', exchange.request.headers);
  await takeMessage(contextOf(call, server, session), headers, message, Buffer.from(writeJson(message.body)));
}

function tellAll(call: HubCall, body: Buffer): void {
  for (const part of call.hub.parts.values()) {
    const server = call.exchange.services.mcp.servers.find(part.server);
    if (server !== undefined) void replyToServer(contextOf(call, server, part.session), body);
  }
}

async function taken({ exchange }: HubCall): Promise<void> {
  await answerNothing(exchange, 202);
}

async function answerNothing(exchange: Exchange, status: number): Promise<void> {
  await exchange.finish('served', status, null);
  exchange.response.writeHead(status, { 'content-length': 0, 'x-cordon-request-id': exchange.id }).end();
}

async function openStream(call: HubCall): Promise<void> {
  const { exchange, session } = call;
  requireRoomForStream(exchange, session);
  await admitCall(exchange, BESIDE);
  const last = exchange.request.headers['last-event-id'];
  const place = typeof last === 'string' ? readEventId(last) : { server: undefined, ids: {} };
  if (place.server === undefined) return streamHub(call, place.ids);
  const server = exchange.services.mcp.servers.find(place.server);
  const id = place.ids[place.server];
  if (server === undefined || id === undefined) throw new CordonError('request.invalid', 'last-event-id is not one');
  exchange.route = { pattern: `/mcp/${place.server}`, family: 'mcp' };
  exchange.model = place.server;
  requireRoute(exchange);
  requireRunning(exchange, server);
  const part = await openPart(call, server, true);
  const headers = withinSession({ accept: 'text/event-stream', 'last-event-id': id }, part.session);
  await deliverMcp(contextOf(call, server, part.session), { method: 'GET', headers }, { kind: 'stream' });
}

async function endSession(call: HubCall): Promise<void> {
  const { exchange, hub } = call;
  await admitCall(exchange, BESIDE);
  for (const { server: id, session } of hub.parts.values()) {
    const nothing = (): void => undefined;
    const request = { method: 'DELETE', headers: withinSession(serverHeaders('DELETE', exchange.request.headers), session) } as const;
    // Why nobody waits: the session of the client is over, whatever becomes of that of the server.
    if (session.upstreamId !== undefined)
      exchange.services.mcp.servers.find(id)?.send(request, { head: nothing, data: () => true, end: nothing, error: nothing });
  }
  exchange.services.mcp.sessions.forget(exchange.call.caller.principal.id, '', exchange.session ?? '');
  await answerNothing(exchange, 200);
}

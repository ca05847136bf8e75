import { CordonError } from '../../core/errors.ts';
import { writeJson } from '../../formats/exact-json/write-json.ts';
import { admitCall, BESIDE, NO_TOKENS } from '../exchange/admit-call.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { answerRpc } from './answer-error.ts';
import { deliverMcp } from './deliver-mcp.ts';
import { judgeClientResponse, judgeRequest, type JudgedRequest } from './judge-request.ts';
import type { McpContext } from './mcp-context.ts';
import type { McpSession } from './mcp-session.ts';
import { idKey, paramsOf, type RpcMessage } from './message.ts';
import { CLIENT_NOTIFICATIONS, CLIENT_REQUESTS, SERVER_REQUESTS } from './methods.ts';
import { METHOD_NOT_FOUND, rpcError } from './rpc-error.ts';
import { withinSession } from './upstream-headers.ts';

const TAKEN = { kind: 'taken' } as const;

/** Takes one message of a client to a server: limits, guard, delivery. `bytes`: the message as it is sent where nothing is replaced. */
export async function takeMessage(
  context: McpContext,
  headers: Readonly<Record<string, string>>,
  message: RpcMessage,
  bytes: Buffer,
): Promise<void> {
  const { exchange, session } = context;
  if (message.kind === 'request' && !CLIENT_REQUESTS.has(message.method)) return answerUnknown(exchange, message);
  // Why also what is no request: it passes the guard and reaches the server all the same.
  if (exchange.admission === undefined) await admitCall(exchange, message.kind === 'request' ? NO_TOKENS : BESIDE);
  const judged = await judge(context, message);
  exchange.decided('request', judged.decision);
  if (refuses(judged.decision)) return refuse(exchange, message, judged);
  if (exchange.response.destroyed) throw new CordonError('request.invalid', 'the client left');
  const body = judged.changed ? Buffer.from(writeJson(message.body)) : bytes;
  const awaited =
    message.kind === 'request' ? ({ kind: 'response', id: message.id, method: message.method, ...judged.asked } as const) : TAKEN;
  if (message.kind === 'notification' && message.method === 'notifications/cancelled') cancel(session, message);
  await deliverMcp(context, { method: 'POST', headers: withinSession(headers, session), body }, awaited);
}

/** Tells a client that a method does not pass. */
export async function answerUnknown(exchange: Exchange, { id }: Extract<RpcMessage, { kind: 'request' }>): Promise<void> {
  const body = rpcError(id, METHOD_NOT_FOUND, 'The method is not allowed here.');
  await answerRpc(exchange, { status: 200, body, outcome: 'refused', reason: 'request.invalid' });
}

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

function cancel(session: McpSession, message: RpcMessage): void {
  const { requestId } = paramsOf(message);
  if (typeof requestId === 'string' || typeof requestId === 'number') session.live.get(idKey(requestId))?.();
}

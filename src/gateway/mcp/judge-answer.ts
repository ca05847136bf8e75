import type { Channel } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { refuses } from '../guarding/refusal.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { judgeInstructions } from './judge-instructions.ts';
import { isOwnTask, ownTasks } from './judge-tasks.ts';
import { judgeTexts, type McpContext, toolName } from './mcp-context.ts';
import type { Asked } from './mcp-session.ts';
import { idKey, paramsOf, type RpcId, type RpcMessage } from './message.ts';
import { CLIENT_REQUESTS, SERVER_NOTIFICATIONS, SERVER_REQUESTS, TAINTING } from './methods.ts';
import { textsOf } from './read-texts.ts';
import { METHOD_NOT_FOUND, RPC_CODES, rpcError } from './rpc-error.ts';
import { offeredTools } from './tool-pins.ts';

/** What becomes of a message of the server. Its body was changed in place where it says so. */
export interface JudgedAnswer {
  readonly fate: 'same' | 'changed' | 'dropped';
  readonly decision?: GuardDecision;
  /** What the server is told in place of the client. */
  readonly reply?: Buffer;
}

const DROPPED: JudgedAnswer = { fate: 'dropped' };
const WITHHELD = 'The result was withheld by policy.';

/**
 * Decides about a message of the server. `expected`: the only request that may be answered here; undefined: any of the session. `asked`:
 * what that request was, where it is known by more than its id.
 */
export async function judgeAnswer(
  context: McpContext,
  message: RpcMessage,
  expected: RpcId | undefined,
  asked: Asked | undefined = message.kind === 'response' && message.id !== null ? context.session.askedBy(idKey(message.id)) : undefined,
): Promise<JudgedAnswer> {
  if (message.kind === 'request') return judgeQuestion(context, message);
  if (message.kind === 'notification') {
    if (!SERVER_NOTIFICATIONS.has(message.method) || !isOwnTask(context, message)) return DROPPED;
    if (message.method === 'notifications/tools/list_changed') context.session.isListOld = true;
    const judged = await judgeTexts(context, textsOf(paramsOf(message), 'tool-result', context.server.config.id), 'response');
    return refuses(judged.decision) ? { ...DROPPED, decision: judged.decision } : fateOf(judged);
  }
  const { id, body } = message;
  if (id === null || (expected !== undefined && id !== expected)) return DROPPED;
  // Why: the answer to a question that nobody asked is a message of the server's choice.
  if (asked === undefined) return DROPPED;
  return isObject(body.error) ? judgeError(context, asked, id, body) : judgeResult(context, asked, id, body);
}

async function judgeQuestion(context: McpContext, message: Extract<RpcMessage, { kind: 'request' }>): Promise<JudgedAnswer> {
  const { session, server } = context;
  const { id, method } = message;
  if (!SERVER_REQUESTS.has(method)) return withReply(context, DROPPED, rpcError(id, METHOD_NOT_FOUND, 'The method is not allowed here.'));
  const params = paramsOf(message);
  const judged = await judgeTexts(context, textsOf(params, 'document', server.config.id), 'response');
  if (refuses(judged.decision)) {
    const reply = rpcError(id, RPC_CODES['gateway.refused']!, 'The request was refused by policy.');
    return withReply(context, { ...DROPPED, decision: judged.decision }, reply);
  }
  if (method === 'sampling/createMessage' || method === 'elicitation/create') taint(context, `${method} of ${server.config.id}`, params);
  session.question(idKey(id), method);
  return fateOf(judged);
}

/** Why not each: a server that asks without end would have us answer without end. */
function withReply({ exchange, session }: McpContext, judged: JudgedAnswer, reply: Buffer): JudgedAnswer {
  return session.mayReply(exchange.services.now()) ? { ...judged, reply } : judged;
}

async function judgeError(context: McpContext, asked: Asked, id: RpcId, body: JsonObject): Promise<JudgedAnswer> {
  const error = body.error as JsonObject;
  // Why as a result: agents show their model the error of a tool like everything else that it says.
  observe(context, asked, id, error);
  const judged = await judgeTexts(context, textsOf(error, 'tool-result', context.server.config.id), 'response');
  if (!refuses(judged.decision)) return fateOf(judged);
  body.error = { code: RPC_CODES['gateway.refused'], message: 'The error was withheld by policy.' };
  return { fate: 'changed', decision: judged.decision };
}

async function judgeResult(context: McpContext, asked: Asked, id: RpcId, body: JsonObject): Promise<JudgedAnswer> {
  const { server } = context;
  const result = body.result as JsonObject;
  const { method, tool } = asked;
  const source = tool === undefined ? server.config.id : toolName(server, tool);
  const channel: Channel = CLIENT_REQUESTS.get(method) ?? 'tool-result';
  const isList = method === 'tools/list';
  const judged = await judgeTexts(context, textsOf(result, channel, source, isList ? ['tools'] : []), 'response');
  if (refuses(judged.decision)) {
    withhold(body, method);
    return { fate: 'changed', decision: judged.decision };
  }
  if (method === 'initialize') {
    const withheld = await judgeInstructions(context, result);
    return fateOf({ decision: withheld ?? judged.decision, changed: judged.changed || withheld !== undefined });
  }
  const isFiltered = ownTasks(context, asked, result);
  if (isList) {
    const offered = await offeredTools(context, result);
    return fateOf({ decision: offered.decision ?? judged.decision, changed: judged.changed || offered.changed });
  }
  observe(context, asked, id, result);
  return fateOf({ ...judged, changed: judged.changed || isFiltered });
}

/** Tells the tool policy what a server said. */
function observe(context: McpContext, { method, tool }: Asked, id: RpcId, said: JsonObject): void {
  const { server, session, exchange } = context;
  if (method === 'tools/call') {
    const event = {
      type: 'result',
      callId: `${server.config.id}#${idKey(id)}`,
      server: server.config.id,
      text: JSON.stringify(said),
    } as const;
    session.toolGuard(exchange.policy.toolPolicy)?.observe(tool === undefined ? event : { ...event, tool });
  } else if (TAINTING.has(method)) taint(context, `${method} of ${server.config.id}`, said);
}

/** Puts a plain message in the place of a result. A tool that failed is something that every agent can go on from. */
function withhold(body: JsonObject, method: string): void {
  if (method === 'tools/call') {
    body.result = { content: [{ type: 'text', text: WITHHELD }], isError: true };
    return;
  }
  delete body.result;
  body.error = { code: RPC_CODES['gateway.refused'], message: WITHHELD };
}

function taint({ session, exchange }: McpContext, source: string, content: JsonObject): void {
  session.toolGuard(exchange.policy.toolPolicy)?.observe({ type: 'message', channel: 'document', text: JSON.stringify(content), source });
}

function fateOf({ decision, changed }: { readonly decision: GuardDecision; readonly changed: boolean }): JudgedAnswer {
  return { fate: changed ? 'changed' : 'same', decision };
}

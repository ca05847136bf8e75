import { CordonError } from '../../core/errors.ts';
import type { Channel } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { objection, refuses } from '../guarding/refusal.ts';
import { Places } from '../places/places.ts';
import { requireTask } from './judge-tasks.ts';
import { judgeTexts, type McpContext, requireTool, toolName } from './mcp-context.ts';
import { idKey, paramsOf, type RpcMessage } from './message.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Asked } from './mcp-session.ts';
import { readTexts, textsOf } from './read-texts.ts';
import { descriptionsRead } from './tool-pins.ts';

/** What became of a message of the client. */
export interface JudgedRequest {
  /** The texts were changed: the bytes that came are not the ones to send. */
  readonly changed: boolean;
  readonly decision: GuardDecision;
  /** What a call that may be made is. */
  readonly asked?: Asked;
}

/** Decides about a request or notification of the client. Throws `access.denied` and `gateway.stopped`. */
export async function judgeRequest(
  context: McpContext,
  message: Extract<RpcMessage, { kind: 'request' | 'notification' }>,
): Promise<JudgedRequest> {
  const { server, session } = context;
  const params = paramsOf(message);
  if (message.kind === 'request' && message.method === 'tools/call') return judgeToolCall(context, message.id, params);
  if (message.kind === 'request') requireTask(context, message.method, params);
  if (message.kind === 'request') session.ask(idKey(message.id), { method: message.method });
  return judgeTexts(context, textsOf(params, 'tool-arguments', server.config.id), 'request');
}

/** Decides about a response of the client to a request of the server. */
export async function judgeClientResponse(context: McpContext, body: JsonObject, channel: Channel): Promise<JudgedRequest> {
  const { exchange, server, session } = context;
  const result = isObject(body.result) ? body.result : (body.error as JsonObject);
  const judged = await judgeTexts(context, textsOf(result, channel, server.config.id), 'request');
  if (channel === 'user' && !refuses(judged.decision))
    session.toolGuard(exchange.policy.toolPolicy)?.observe({ type: 'message', channel, text: JSON.stringify(result.content ?? '') });
  return judged;
}

async function judgeToolCall(context: McpContext, id: string | number, params: JsonObject): Promise<JudgedRequest> {
  const { exchange, server, session, guard } = context;
  const { name } = params;
  const against = (rule: string, why: string): JudgedRequest => ({ changed: false, decision: objection(rule, why, guard.policyDigest) });
  if (typeof name !== 'string') throw new CordonError('request.invalid', 'the call names no tool');
  // Why refused: what is no object every server reads in a way of its own.
  if (params.arguments !== undefined && !isObject(params.arguments))
    throw new CordonError('request.invalid', 'the arguments of a call are an object');
  requireTool(context, name);
  const tool = toolName(server, name);
  exchange.model = exchange.tool = tool;
  if (!(await descriptionsRead(context, name)))
    return against('tool-description', 'The description of the tool waits for the approval of an administrator.');
  const places = new Places();
  places.rest(params, 'arguments', 'tool-arguments', tool);
  readTexts(places, params, 'tool-arguments', tool, ['name', 'arguments']);
  const judged = await judgeTexts(context, places, 'request');
  if (refuses(judged.decision)) return judged;
  // Why now: what the policy sees is what the server gets.
  const call = { id: `${server.config.id}#${idKey(id)}`, tool: name, server: server.config.id, arguments: params.arguments ?? {} };
  const decided = session.toolGuard(exchange.policy.toolPolicy)?.decide(call);
  if (decided !== undefined && decided.effect !== 'allow')
    return against('tool-policy', decided.reasons[0]?.message ?? 'The tool policy refuses the call.');
  const asked = { method: 'tools/call', tool: name } as const;
  session.ask(idKey(id), asked);
  return { ...judged, asked };
}

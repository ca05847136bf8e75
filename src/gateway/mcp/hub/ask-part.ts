import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../../core/errors.ts';
import type { GuardDecision } from '../../../engine/guard/decision.ts';
import { newId } from '../../../store/ids.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { refusalOf, refuses } from '../../guarding/refusal.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { requestServer, type ServerRequest } from '../ask-server.ts';
import { judgeAnswer } from '../judge-answer.ts';
import { judgeRequest } from '../judge-request.ts';
import { graver, type McpContext } from '../mcp-context.ts';
import { paramsOf } from '../message.ts';

/** What a server answered, as the guard left it. */
export interface PartAnswer {
  readonly result: JsonObject;
  readonly headers: IncomingHttpHeaders;
}

/** Asks one of the servers for a client of all of them; both directions are decided about. Throws what speaks against it. */
export async function askPart(
  context: McpContext,
  method: string,
  params: JsonObject,
  options: Pick<ServerRequest, 'signal' | 'others'>,
): Promise<PartAnswer> {
  const { exchange } = context;
  const id = `cordon-${newId()}`;
  const request = { kind: 'request', id, method, body: { jsonrpc: '2.0', id, method, params } } as const;
  const judged = await judgeRequest(context, request);
  noteDecision(exchange, 'request', judged.decision);
  if (refuses(judged.decision)) throw refusalOf('request', judged.decision);
  const { message, headers } = await requestServer(context, { id, method, params: paramsOf(request), ...options }).catch(
    (error: unknown) => {
      throw error instanceof DOMException ? new CordonError('upstream.late', 'the server does not answer in time') : error;
    },
  );
  const { fate, decision } = await judgeAnswer(context, message, id);
  if (decision !== undefined) noteDecision(exchange, 'response', decision);
  const { result } = message.body;
  if (decision !== undefined && refuses(decision)) throw new CordonError('gateway.refused', 'The answer was withheld by policy.');
  if (fate === 'dropped' || !isObject(result)) throw new CordonError('upstream.failed', `the server does not answer ${method}`);
  return { result, headers };
}

/** Notes a decision of several: the gravest is written down. */
export function noteDecision(exchange: Exchange, direction: 'request' | 'response', decision: GuardDecision): void {
  const key = direction === 'request' ? 'requestDecision' : 'responseDecision';
  const before = exchange[key];
  exchange.decided(direction, decision);
  exchange[key] = graver(before, decision);
}

import type { CordonError, ErrorCode } from '../../core/errors.ts';
import type { ExchangeOutcome } from '../../engine/gateway/audit/exchange-record.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { statusOf } from '../http/error-reply.ts';
import { outcomeOfError } from '../http/outcome.ts';
import type { RpcId } from './message.ts';
import { metadataUrl } from './resource-metadata.ts';
import { rpcCode, rpcError } from './rpc-error.ts';

/** Errors that clients meet by the status of HTTP, even when they ask something. */
const BY_STATUS: ReadonlySet<ErrorCode> = new Set(['gateway.limited', 'gateway.unavailable', 'access.unauthenticated', 'input.too-large']);

/**
 * Answers with an error of JSON-RPC and writes the record. A request that was understood gets its error as a response: clients tell the
 * model, and go on.
 */
export async function answerRpcError(exchange: Exchange, error: CordonError, id: RpcId | null, isRequest: boolean): Promise<void> {
  const { code, message } = error;
  const status = isRequest && !BY_STATUS.has(code) ? 200 : statusOf(code);
  if (status === 401) exchange.response.setHeader('www-authenticate', challenge(exchange));
  await answerRpc(exchange, { status, body: rpcError(id, rpcCode(code), message, code), outcome: outcomeOfError(code), reason: code });
}

/** Answers with a message of our own and writes the record. */
export async function answerRpc(
  exchange: Exchange,
  { status, body, outcome, reason }: { status: number; body: Buffer; outcome: ExchangeOutcome; reason: string },
): Promise<void> {
  const { response, request, id } = exchange;
  exchange.answering(body);
  // Why whatever comes of the record: the answer is an error already.
  await exchange.finish(outcome, status, reason).catch(() => undefined);
  if (response.headersSent || response.destroyed) return void response.destroy();
  const headers = { ...exchange.admission?.headers, 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, { ...headers, 'x-cordon-request-id': id }).end(body);
  // Why: what was not read of the body would be taken for the next request.
  if (!request.complete) request.unpipe().resume();
}

function challenge(exchange: Exchange): string {
  const url = metadataUrl(exchange);
  return url === undefined ? 'Bearer' : `Bearer resource_metadata="${url}"`;
}

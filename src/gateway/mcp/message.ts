import { CordonError } from '../../core/errors.ts';
import { isObject, type JsonObject, parseObject } from '../json/parse-object.ts';

/** Identifies a request of JSON-RPC. */
export type RpcId = string | number;

/** A message of JSON-RPC 2.0, as MCP uses it. */
export type RpcMessage =
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string; readonly body: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly body: JsonObject }
  | { readonly kind: 'response'; readonly id: RpcId | null; readonly body: JsonObject };

/** Why no spaces: nobody reads what is in an id, and whoever writes it down would. */
const ID = /^[\w.:/+=~-]{0,256}$/;
const METHOD = /^[\w$./-]{1,128}$/;
const FIELDS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/**
 * Reads one message. Throws `request.invalid` for anything that two readers could take for different messages: what is both a request
 * and a response, unknown members, the same key twice, batches.
 */
export function readMessage(bytes: Buffer): RpcMessage {
  if (bytes.length > 0 && /^\s*\[/.test(bytes.toString('utf8', 0, 64)))
    throw new CordonError('request.invalid', 'batches are not accepted: send one message');
  const body = parseObject(bytes);
  const { jsonrpc, id, method, params, result, error } = body;
  if (jsonrpc !== '2.0') throw invalid('jsonrpc must be 2.0');
  if (Object.keys(body).some((key) => !FIELDS.has(key))) throw invalid('a message has members of JSON-RPC 2.0 only');
  const hasId = isId(id);
  if (id !== undefined && !hasId && !(id === null && error !== undefined)) throw invalid('id must be a short text or an integer');
  if (method !== undefined) {
    if (typeof method !== 'string' || !METHOD.test(method)) throw invalid('method must be the name of a method');
    if (result !== undefined || error !== undefined) throw invalid('a message is either a request or a response');
    if (params !== undefined && !isObject(params)) throw invalid('params must be an object');
    return hasId ? { kind: 'request', id, method, body } : { kind: 'notification', method, body };
  }
  if (params !== undefined) throw invalid('a response has no params');
  if ((result === undefined) === (error === undefined)) throw invalid('a response has either a result or an error');
  if (!isObject(result ?? error)) throw invalid('the result or error must be an object');
  if (id === undefined) throw invalid('a response has an id');
  return { kind: 'response', id: hasId ? id : null, body };
}

/** An id as a key: the text 1 and the number 1 are two. */
export function idKey(id: RpcId): string {
  return JSON.stringify(id);
}

/** The params of a request or notification. */
export function paramsOf({ body }: { readonly body: JsonObject }): JsonObject {
  return isObject(body.params) ? body.params : {};
}

function isId(id: unknown): id is RpcId {
  return (typeof id === 'string' && ID.test(id)) || (typeof id === 'number' && Number.isSafeInteger(id));
}

function invalid(message: string): CordonError {
  return new CordonError('request.invalid', message);
}

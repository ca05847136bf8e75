import type { ErrorCode } from '../../core/errors.ts';
import type { RpcId } from './message.ts';

/** Codes of JSON-RPC and, below -32050, of this gateway. */
export const RPC_CODES: Partial<Record<ErrorCode, number>> = {
  'request.invalid': -32600,
  'input.too-large': -32600,
  'file.missing': -32601,
  'gateway.refused': -32050,
  'access.unauthenticated': -32051,
  'access.denied': -32051,
  'gateway.stopped': -32052,
  'gateway.limited': -32053,
  'upstream.failed': -32054,
  'upstream.late': -32054,
};
const OTHER = -32603;
export const METHOD_NOT_FOUND = -32601;
/** What SDKs take for a session that is gone. */
export const SESSION_NOT_FOUND = -32001;

/** The code for an error. */
export function rpcCode(code: ErrorCode): number {
  return RPC_CODES[code] ?? OTHER;
}

/** An error as a response of JSON-RPC. It never repeats what was sent. */
export function rpcError(id: RpcId | null, code: number, message: string, name?: string): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(name !== undefined && { data: { code: name } }) } }));
}

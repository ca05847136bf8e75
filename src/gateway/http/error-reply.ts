import { CordonError, ERRORS, type ErrorCode } from '../../core/errors.ts';

/** An error as a protocol writes it. */
export interface ErrorReply {
  readonly status: number;
  readonly body: Buffer;
}

interface Shape {
  readonly status: number;
  /** Types of the two protocols: SDKs make classes of them and of the status. */
  readonly openai: string;
  readonly anthropic: string;
}

const INVALID: Shape = { status: 400, openai: 'invalid_request_error', anthropic: 'invalid_request_error' };
const UNAVAILABLE: Shape = { status: 503, openai: 'server_error', anthropic: 'overloaded_error' };
const BUG: Shape = { status: 500, openai: 'server_error', anthropic: 'api_error' };

const SHAPES: Partial<Record<ErrorCode, Shape>> = {
  'request.invalid': INVALID,
  'gateway.refused': INVALID,
  'input.too-large': { status: 413, openai: 'invalid_request_error', anthropic: 'request_too_large' },
  'access.unauthenticated': { status: 401, openai: 'authentication_error', anthropic: 'authentication_error' },
  'access.denied': { status: 403, openai: 'permission_error', anthropic: 'permission_error' },
  'gateway.stopped': { status: 403, openai: 'permission_error', anthropic: 'permission_error' },
  'gateway.limited': { status: 429, openai: 'rate_limit_error', anthropic: 'rate_limit_error' },
  'file.missing': { status: 404, openai: 'invalid_request_error', anthropic: 'not_found_error' },
  'model.missing': { status: 404, openai: 'invalid_request_error', anthropic: 'not_found_error' },
  'gateway.unavailable': UNAVAILABLE,
  'storage.busy': UNAVAILABLE,
  'storage.full': UNAVAILABLE,
  'storage.unavailable': UNAVAILABLE,
  'upstream.failed': { status: 502, openai: 'server_error', anthropic: 'api_error' },
  'upstream.late': { status: 504, openai: 'server_error', anthropic: 'timeout_error' },
};
/** Codes that clients of OpenAI look at. */
const OPENAI_CODES: Partial<Record<ErrorCode, string>> = {
  'gateway.refused': 'content_filter',
  'gateway.limited': 'rate_limit_exceeded',
  'access.unauthenticated': 'invalid_api_key',
  'model.missing': 'model_not_found',
};

/** What is ours to tell: the message of an error that a client can do something about, the bare fact of any other. */
export function asCordonError(error: unknown): CordonError {
  return error instanceof CordonError && SHAPES[error.code] !== undefined ? error : new CordonError('internal.bug', ERRORS['internal.bug']);
}

/** The status that an error is answered with. */
export function statusOf(code: ErrorCode): number {
  return (SHAPES[code] ?? BUG).status;
}

/** An error as events of a stream of OpenAI's tell it. */
export function openAiError(error: CordonError): { message: string; type: string; param: null; code: string } {
  const { openai } = SHAPES[error.code] ?? BUG;
  return { message: error.message, type: openai, param: null, code: OPENAI_CODES[error.code] ?? error.code.replaceAll(/[.-]/g, '_') };
}

/** The type that clients of Anthropic know an error by. */
export function anthropicErrorType(error: CordonError): string {
  return (SHAPES[error.code] ?? BUG).anthropic;
}

/** What clients of Anthropic go by beside the type of an error. Why beside the error: only one protocol has it. */
const DETAILS = new WeakMap<CordonError, { readonly details: object }>();

/** Says more about an error to clients of Anthropic. Returns the error. */
export function addDetails(
  error: CordonError,
  details: { readonly error_code: string; readonly unsupported?: readonly string[] },
): CordonError {
  DETAILS.set(error, { details });
  return error;
}

/** Writes an error in the shape of the protocol. */
export function errorReply(family: 'openai' | 'anthropic', error: CordonError, id: string): ErrorReply {
  const body =
    family === 'anthropic'
      ? { type: 'error', error: { type: anthropicErrorType(error), message: error.message, ...DETAILS.get(error) }, request_id: id }
      : { error: openAiError(error) };
  return { status: statusOf(error.code), body: Buffer.from(JSON.stringify(body)) };
}

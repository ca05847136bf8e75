import { CordonError, type ErrorCode } from '../../../core/errors.ts';

/** What went wrong with an attempt. */
export interface Failure {
  /** For the client and the log: names the upstream and what happened, never what was sent or answered. */
  readonly error: CordonError;
  /** Whether the provider may have got the request. */
  readonly wasSent: boolean;
  /** Status of the answer, where there was one. */
  readonly status?: number | undefined;
  /** Milliseconds that it asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether another attempt may fare better. */
  readonly isTransient: boolean;
  /** Whether it speaks against the target; a limit that was reached does not. */
  readonly isFault: boolean;
}

/** `upstream.failed` or `upstream.late` about an upstream. Why without a cause: errors of the HTTP client hold what was received. */
export function upstreamError(id: string, why: string, code: ErrorCode = 'upstream.failed'): CordonError {
  return new CordonError(code, `the upstream ${id}: ${why}`);
}

/** Failures of the connection, in words. What is not listed is named by its code. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its host name does not exist',
  EAI_AGAIN: 'its host name cannot be resolved now',
  ECONNRESET: 'it broke off the connection',
  EPIPE: 'it broke off the connection',
  UND_ERR_SOCKET: 'it broke off the connection',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer has another length than it announced',
  HTTPParserError: 'its answer is no valid HTTP',
  NOT_ALLOWED: 'its address is not allowed; allowPrivateNetwork permits addresses of your own networks, but no link-local or reserved ones',
};
const LATE: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** A failure of the connection, from what the HTTP client threw. */
export function connectionFailure(id: string, thrown: unknown, wasSent: boolean): Failure {
  if (thrown instanceof CordonError && thrown.code !== 'network.refused')
    return { error: thrown, wasSent, isTransient: true, isFault: true };
  const code = codeOf(thrown);
  if (code === 'UND_ERR_INVALID_ARG')
    return {
      error: new CordonError('request.invalid', 'a header of the request is not valid'),
      wasSent: false,
      isTransient: false,
      isFault: false,
    };
  const why = WORDS[code] ?? tlsWords(code);
  const error = upstreamError(id, why, LATE.has(code) ? 'upstream.late' : 'upstream.failed');
  return { error, wasSent, isTransient: true, isFault: true };
}

function tlsWords(code: string): string {
  return /CERT|SIGN|ALTNAME|^ERR_(?:SSL|TLS)|ISSUER|CRL/.test(code)
    ? `its certificate or encryption is refused (${code})`
    : `the connection failed (${code})`;
}

/** The code of a network error, `NOT_ALLOWED` for our own refusal inside of it. */
function codeOf(thrown: unknown): string {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CordonError) return 'NOT_ALLOWED';
    if (cause instanceof AggregateError && cause.errors.some((one) => one instanceof CordonError)) return 'NOT_ALLOWED';
    // Its code is not always set.
    if (cause.name === 'HTTPParserError') return cause.name;
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(cause.code)) return cause.code;
  }
  return 'unknown reason';
}

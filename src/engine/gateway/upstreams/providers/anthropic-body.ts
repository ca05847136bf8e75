import { CordonError } from '../../../../core/errors.ts';
import { parseExact } from '../../../../formats/exact-json/parse-exact.ts';
import { writeJson } from '../../../../formats/exact-json/write-json.ts';
import { upstreamError } from '../failure.ts';
import type { Streamed } from '../upstreams.ts';
import type { Converter } from './provider.ts';

/** A body as a whole. Throws `request.invalid` for one that is a file. */
export function wholeBody(body: Buffer | Streamed): Buffer {
  if (!Buffer.isBuffer(body)) throw new CordonError('request.invalid', 'files are not offered by the provider of this model');
  return body;
}

/** A body of the Messages API for clouds, which take the model from the path and the version from the body. */
export function cloudBody(given: Buffer | Streamed, version: string, change: (message: Record<string, unknown>) => void): Buffer {
  const message = parsed(wholeBody(given));
  change(message);
  message.anthropic_version ??= version;
  return Buffer.from(writeJson(message));
}

/** Throws `request.invalid`. */
export function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value = parseExact(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below: a syntax error quotes the text.
  }
  throw new CordonError('request.invalid', 'the body is no JSON object');
}

/** Types of errors of the Messages API, by status. Source: its documentation, "Errors". */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  404: 'not_found_error',
  413: 'request_too_large',
  424: 'api_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

/** Wraps what clouds answer with into an error that clients of the Messages API can parse. `check` sees the body first. */
export function anthropicError(status: number, check: Converter): Converter {
  return {
    contentType: 'application/json',
    push: (chunk) => check.push(chunk),
    end() {
      const body = check.end();
      const answer = answerOf(body);
      if (answer?.type === 'error' && typeof answer.error === 'object') return body;
      const said = answer?.message ?? answer?.error?.message;
      const message = typeof said === 'string' ? said : `the provider answered with status ${status}`;
      const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
      return Buffer.from(JSON.stringify({ type: 'error', error: { type, message } }));
    },
  };
}

interface ErrorAnswer {
  readonly type?: unknown;
  readonly message?: unknown;
  readonly error?: { readonly message?: unknown } | null;
}

/** An error without a body that can be read gets one of ours. */
function answerOf(body: Buffer): ErrorAnswer | null {
  try {
    return JSON.parse(body.toString('utf8')) as ErrorAnswer | null;
  } catch {
    return null;
  }
}

/** Why: counts of tokens are a few bytes. */
const COUNT_BYTES = 64 * 1024;

/** The count of tokens as Bedrock gives it, in the words of the Messages API. */
export function countedTokens(id: string): Converter {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    contentType: 'application/json',
    push(chunk) {
      if ((length += chunk.length) > COUNT_BYTES) throw upstreamError(id, 'its count of tokens is too long');
      chunks.push(chunk);
      return Buffer.alloc(0);
    },
    end() {
      let count: unknown;
      try {
        count = (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { inputTokens?: unknown } | null)?.inputTokens;
      } catch {
        // Told below.
      }
      if (!Number.isSafeInteger(count)) throw upstreamError(id, 'it gives no count of tokens');
      return Buffer.from(JSON.stringify({ input_tokens: count }));
    },
  };
}

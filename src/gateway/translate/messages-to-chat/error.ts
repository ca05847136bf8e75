import type { JsonObject } from '../../json/parse-object.ts';
import { errorMessage } from '../error-message.ts';

/** Types of errors of Anthropic by status. Source: its documentation, "Errors". */
const TYPES: Readonly<Record<number, string>> = {
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** An error of OpenAI in the shape of Anthropic. */
export function completionError(status: number, body: JsonObject): JsonObject {
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message: errorMessage(status, body) } };
}

import { string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { errorMessage } from '../error-message.ts';

/** Types of errors of OpenAI for those of Anthropic. */
const TYPES: Readonly<Record<string, string>> = {
  invalid_request_error: 'invalid_request_error',
  not_found_error: 'invalid_request_error',
  request_too_large: 'invalid_request_error',
  rate_limit_error: 'rate_limit_error',
  permission_error: 'permission_error',
};

/** An error of Anthropic in the shape of OpenAI. */
export function messageError(status: number, body: JsonObject): JsonObject {
  const given = isObject(body.error) ? string(body.error.type) : '';
  const type = Object.hasOwn(TYPES, given) ? TYPES[given]! : status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message: errorMessage(status, body), type, param: null, code: /^[a-z_]{1,64}$/.test(given) ? given : null } };
}

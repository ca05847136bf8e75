import { isObject, type JsonObject } from '../json/parse-object.ts';

/** What an error says, in whichever of the usual shapes. */
export function errorMessage(status: number, body: JsonObject): string {
  const { error, message, detail } = body;
  for (const said of [isObject(error) ? error.message : error, message, detail]) if (typeof said === 'string' && said !== '') return said;
  return `the model provider answered with status ${status}`;
}

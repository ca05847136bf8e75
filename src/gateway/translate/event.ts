import { CordonError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readJson } from '../json/read-json.ts';
import type { SseEvent } from '../sse/sse-reader.ts';

/** The object that an event carries; undefined for comments, keep-alives and `[DONE]`. Throws `upstream.failed`. */
export function eventOf({ data }: SseEvent): JsonObject | undefined {
  const text = data?.trim() ?? '';
  if (text === '' || text === '[DONE]') return undefined;
  const { value, problem } = readJson(text);
  if (problem !== undefined)
    throw new CordonError('upstream.failed', 'the model provider sent an event that is not JSON, or not read alike by all');
  if (!isObject(value)) throw new CordonError('upstream.failed', 'the model provider sent an event that is no object');
  return value;
}

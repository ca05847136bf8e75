import { CordonError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readJson } from '../json/read-json.ts';

/** The error about a field that the provider of a model has no words for. */
export function cannot(field: string, why = 'it has no counterpart there'): CordonError {
  return new CordonError('request.invalid', `${field} cannot be translated for the provider of this model: ${why}`);
}

/** The error about a field that is not what its own protocol says. */
export function wrong(field: string, what: string): CordonError {
  return new CordonError('request.invalid', `${field} must be ${what}`);
}

/** Whether a field says nothing. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Refuses every field of an object that nobody translates. `at` is what stands before its name. */
export function only(holder: JsonObject, known: ReadonlySet<string>, at = ''): void {
  for (const key of Object.keys(holder)) {
    if (known.has(key) || isAbsent(holder[key])) continue;
    // Why not any name: it is the client's text.
    throw cannot(/^\w{1,64}$/.test(key) ? `${at}${key}` : `a field of ${at === '' ? 'the request' : at.slice(0, -1)}`);
  }
}

/** A list of objects; absent is an empty one. */
export function list(value: unknown, at: string): readonly JsonObject[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value) || !(value as unknown[]).every(isObject)) throw wrong(at, 'a list of objects');
  return value as JsonObject[];
}

/** An object. */
export function object(value: unknown, at: string): JsonObject {
  if (!isObject(value)) throw wrong(at, 'an object');
  return value;
}

/** A string. */
export function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrong(at, 'a string');
  return value;
}

/** A number that every reader reads alike; undefined where there is none. */
export function number(value: unknown, at: string): number | undefined {
  if (isAbsent(value)) return undefined;
  // Why: beyond this a number is not the one that was written any more.
  if (typeof value !== 'number' || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw wrong(at, 'a number');
  return value;
}

/** The arguments of a tool call as an object; undefined for text that is none. */
export function argumentsOf(json: string): JsonObject | undefined {
  if (json.trim() === '') return {};
  const { value } = readJson(json);
  return isObject(value) ? value : undefined;
}

/** An object without the fields that are undefined. */
export function compact(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

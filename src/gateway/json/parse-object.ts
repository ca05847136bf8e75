import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';
import { MAX_DEPTH, readJson } from './read-json.ts';

/** A parsed JSON object. */
export type JsonObject = Record<string, unknown>;

/**
 * Reads a JSON object as every reader reads it. Throws `request.invalid` for what readers disagree on: bytes that are not UTF-8, the same
 * key twice. Why: a model server that took the first of two keys would see another prompt than the guard did.
 */
export function parseObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new CordonError('request.invalid', 'the body is not UTF-8');
  const text = bytes.toString('utf8');
  const { value, problem } = readJson(text);
  if (problem === 'syntax') throw new CordonError('request.invalid', 'the body is not JSON');
  if (problem === 'depth') throw new CordonError('request.invalid', `the body nests deeper than ${MAX_DEPTH} levels`);
  if (problem === 'keys') throw new CordonError('request.invalid', 'the body has the same key twice in an object');
  if (!isObject(value)) throw new CordonError('request.invalid', 'the body is not a JSON object');
  return value;
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { keepNumbers } from '../../formats/exact-json/exact-numbers.ts';
import { structureOf } from '../../formats/exact-json/structure.ts';
import { keysInValue } from './count-keys.ts';

/** Why: no message of any API nests deeper, and everything below recurses. */
export const MAX_DEPTH = 64;

/** JSON that every reader reads alike, or why it is none. */
export type ReadJson =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: 'syntax' | 'depth' | 'keys' };

/**
 * Reads JSON as every reader reads it. Why not the same key twice in an object: which of the values counts, every reader decides for itself,
 * and one that took the first would see another text than the guard did. How numbers were written is kept for `writeJson`.
 */
export function readJson(text: string): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'syntax' };
  }
  if (typeof value !== 'object' || value === null) return { value };
  const { keys, tooDeep } = keysInValue(value, MAX_DEPTH);
  if (tooDeep) return { problem: 'depth' };
  const structure = structureOf(text);
  if (structure.keys !== keys) return { problem: 'keys' };
  if (structure.hasUnusualNumbers) keepNumbers(text, value);
  return { value };
}

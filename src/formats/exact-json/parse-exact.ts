import { keepNumbers } from './exact-numbers.ts';
import { structureOf } from './structure.ts';

/** Parses JSON that is known to be sound, so that `writeJson` writes its numbers as they came. Throws what `JSON.parse` throws. */
export function parseExact(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && structureOf(text).hasUnusualNumbers) keepNumbers(text, value);
  return value;
}

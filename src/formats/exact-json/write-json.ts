import { hasKeptNumbers, isKept, keptNumbers, vectorText } from './exact-numbers.ts';

/**
 * JSON text of a value, its numbers as they were written in the text that they come from. Why: `JSON.stringify` makes 12345678901234567890
 * another number, 1e400 null and -0 a 0.
 */
export function writeJson(value: unknown): string {
  return hasKeptNumbers() && isKeptBelow(value) ? written(value) : JSON.stringify(value);
}

/** Whether a value has numbers that are known by more than their value. */
export function isKeptBelow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !hasKeptNumbers()) return false;
  if (isKept(value)) return true;
  return Array.isArray(value) ? value.some(isKeptBelow) : Object.values(value).some(isKeptBelow);
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const vector = Array.isArray(value) ? vectorText(value) : undefined;
  if (vector !== undefined) return vector;
  const numbers = keptNumbers(value);
  if (Array.isArray(value)) return `[${value.map((one, at) => numbers?.get(String(at)) ?? element(one)).join(',')}]`;
  const fields: string[] = [];
  for (const [key, one] of Object.entries(value))
    if (one !== undefined) fields.push(`${JSON.stringify(key)}:${numbers?.get(key) ?? written(one)}`);
  return `{${fields.join(',')}}`;
}

/** Why null: so JSON writes what is undefined in a list. */
function element(value: unknown): string {
  return value === undefined ? 'null' : written(value);
}

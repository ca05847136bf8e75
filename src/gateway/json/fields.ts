import { isObject, type JsonObject } from './parse-object.ts';

/** The objects of a list; anything else is none. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

/** A whole number of at least `least`; undefined for anything else. */
export function integer(value: unknown, least = 0): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined;
}

/** A string; anything else is an empty one. */
export function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

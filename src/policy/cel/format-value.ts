import { Optional } from '@marcbachmann/cel-js';
import { printable } from '../../core/printable.ts';

const MAX_TEXT = 200;
const MAX_ITEMS = 10;

/** A CEL value inside a sentence: strings bare, lists joined. Hostile characters are shown as escapes. */
export function displayValue(value: unknown): string {
  if (typeof value === 'string') return shorten(printable(value));
  if (Array.isArray(value)) return listed(value, displayValue);
  return literalValue(value);
}

/** A CEL value as a literal: strings quoted, lists in brackets. */
export function literalValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(printable(value)));
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `[${listed(value, literalValue)}]`;
  if (value instanceof Map) return `{${listed([...value], ([key, item]) => `${literalValue(key)}: ${literalValue(item)}`)}}`;
  if (value instanceof Optional) return value.hasValue() ? literalValue(value.value()) : 'absent';
  return '(…)';
}

function listed<Item>(items: readonly Item[], show: (item: Item) => string): string {
  const shown = items.slice(0, MAX_ITEMS).map(show);
  if (items.length > MAX_ITEMS) shown.push(`… ${items.length - MAX_ITEMS} more`);
  return shown.join(', ');
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

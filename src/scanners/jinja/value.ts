import type { Parameter, Statement } from '../../formats/jinja/ast.ts';
import { hintsAtInternal } from './names.ts';

/**
 * Where an unknown value comes from: `data` the conversation and settings that a template is given, `content` what a user
 * wrote, `time` the clock, `computed` constants alone. Why the last: an ordinary template never computes a name from
 * constants in a way that cannot be followed.
 */
export type Origin = 'data' | 'content' | 'time' | 'computed';

/** A comparison of what a user wrote, or of the clock, with a constant. */
export interface Trigger {
  readonly source: 'content' | 'time';
  readonly literal: string;
}

/** A macro with the scope it was declared in. */
export interface MacroValue {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** What is known of a value without rendering the template. */
export type Value =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  /** A text with gaps: the known pieces in order, an unknown text between each two. */
  | { readonly kind: 'text'; readonly pieces: readonly string[]; readonly origin: Origin }
  /** `loose`: these elements, but their order and selection are open. */
  | { readonly kind: 'list'; readonly items: Value[]; readonly loose?: boolean }
  | { readonly kind: 'dict'; readonly entries: Map<string, Value> }
  | { readonly kind: 'namespace'; readonly entries: Map<string, Value> }
  /** One of several, by the path taken. */
  | { readonly kind: 'choice'; readonly options: readonly Value[] }
  | { readonly kind: 'macro'; readonly macro: MacroValue }
  /** Something of Python that is no data: a function of the environment, or what was reached through one. */
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'unknown'; readonly origin: Origin; readonly triggers: readonly Trigger[] };

/** Arguments with their values. */
export interface Values {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** Most alternatives that are kept apart. */
const MAX_OPTIONS = 24;
/** Longest text that is folded, in UTF-16 units. */
const MAX_TEXT = 10_000;
/** Most known pieces of one text. */
const MAX_PIECES = 64;
/** So many constants among too many alternatives make a name that nobody can follow. */
const MANY_CONSTANTS = 16;

/** A known value. */
export function constant(value: string | number | boolean | null): Value {
  return { kind: 'constant', value };
}

/** A value of which only the origin is known. */
export function unknown(origin: Origin, triggers: readonly Trigger[] = []): Value {
  return { kind: 'unknown', origin, triggers };
}

/** A text with gaps; a constant when there are none. Of a text too long to be kept, what could be part of an internal name is. */
export function text(pieces: readonly string[], origin: Origin): Value {
  const isLong = pieces.length > MAX_PIECES || pieces.reduce((sum, piece) => sum + piece.length, 0) > MAX_TEXT;
  if (isLong) return { kind: 'text', pieces: hintsAtInternal(pieces) ? ['', '__', ''] : ['', ''], origin };
  return pieces.length === 1 ? constant(pieces[0] ?? '') : { kind: 'text', pieces, origin };
}

/**
 * What an operation that is not followed makes of its operands: a text in which every text of them may occur. Why keep those
 * with an underscore: a name that is handed through `replace` or `get` must not get lost.
 */
export function derive(operands: readonly Value[]): Value {
  const kept: string[] = [];
  const visit = (value: Value, depth: number): void => {
    if (depth > 3 || kept.length > 32) return;
    if (value.kind === 'text') kept.push(...value.pieces.filter((piece) => piece.includes('_')));
    else if (value.kind === 'list') for (const item of value.items.slice(0, 64)) visit(item, depth + 1);
    else if (value.kind === 'choice') for (const item of value.options) visit(item, depth + 1);
    else if (value.kind === 'dict')
      for (const item of [...value.entries].flatMap(([key, entry]) => [constant(key), entry])) visit(item, depth + 1);
    else if (textOf(value)?.includes('_') === true) kept.push(textOf(value) ?? '');
  };
  for (const operand of operands) visit(operand, 0);
  return text(['', ...kept, ''], originOf(operands));
}

/** The possible values, each once for simple ones. */
export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'choice' ? value.options : [value];
}

/** Either of the values. Too many become one unknown, computed only if all of them were constant texts. */
export function join(values: readonly Value[]): Value {
  const options: Value[] = [];
  const seen = new Set<string>();
  for (const option of values.flatMap(optionsOf)) {
    const key = option.kind === 'constant' ? `${typeof option.value} ${option.value}` : undefined;
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    else if (options.includes(option)) continue;
    options.push(option);
  }
  const [only] = options;
  if (only === undefined) return constant(null);
  if (options.length === 1) return only;
  if (options.length <= MAX_OPTIONS) return { kind: 'choice', options };
  return overflow(options);
}

function overflow(options: readonly Value[]): Value {
  const texts = options.flatMap((option) => textOf(option) ?? []);
  if (texts.length === 0 && !options.some((option) => option.kind === 'text')) return unknown('data');
  const suspicious = options.filter((option) => hintsAtInternal(['', ...piecesOf(option), ''])).slice(0, 8);
  const rest: Value = { kind: 'text', pieces: ['', ''], origin: texts.length >= MANY_CONSTANTS ? 'computed' : originOf(options) };
  return suspicious.length === 0 ? rest : { kind: 'choice', options: [...suspicious, rest] };
}

/** True when two values say the same, as far as they are compared. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === 'constant' && b.kind === 'constant') return a.value === b.value;
  if (a.kind === 'text' && b.kind === 'text') return a.origin === b.origin && a.pieces.join('\0') === b.pieces.join('\0');
  if (a.kind === 'unknown' && b.kind === 'unknown') return a.origin === b.origin && a.triggers.length === b.triggers.length;
  if (a.kind !== 'choice' || b.kind !== 'choice' || a.options.length !== b.options.length) return false;
  return a.options.every((option, i) => same(option, b.options[i] as Value));
}

const RANK: readonly Origin[] = ['computed', 'data', 'time', 'content'];

/** Where values come from, taken together: computed only if nothing else went in. */
export function originOf(values: readonly Value[]): Origin {
  let worst: Origin = 'computed';
  const visit = (value: Value, depth: number): void => {
    if (depth > 4) return;
    if (value.kind === 'list') for (const item of value.items.slice(0, 64)) visit(item, depth + 1);
    else if (value.kind === 'dict' || value.kind === 'namespace') for (const item of value.entries.values()) visit(item, depth + 1);
    else if (value.kind === 'choice') for (const item of value.options) visit(item, depth + 1);
    else if ((value.kind === 'text' || value.kind === 'unknown') && RANK.indexOf(value.origin) > RANK.indexOf(worst)) worst = value.origin;
  };
  for (const value of values) visit(value, 0);
  return worst;
}

/** The comparisons that went into values. */
export function triggersOf(values: readonly Value[]): readonly Trigger[] {
  return values.flatMap(optionsOf).flatMap((value) => (value.kind === 'unknown' ? value.triggers : []));
}

/** A value as the pieces of a text, as `~` and `|string` would show it. */
export function piecesOf(value: Value): readonly string[] {
  if (value.kind === 'text') return value.pieces;
  if (value.kind !== 'constant') return ['', ''];
  if (value.value === null) return ['None'];
  if (typeof value.value === 'boolean') return [value.value ? 'True' : 'False'];
  return [String(value.value)];
}

/** Texts behind each other, for all combinations of the options up to the usual number. */
export function concat(left: Value, right: Value): Value {
  const results: Value[] = [];
  for (const a of optionsOf(left)) {
    for (const b of optionsOf(right)) {
      if (results.length > MAX_OPTIONS) break;
      const before = piecesOf(a);
      const after = piecesOf(b);
      results.push(text([...before.slice(0, -1), (before.at(-1) ?? '') + (after[0] ?? ''), ...after.slice(1)], originOf([a, b])));
    }
  }
  return join(results);
}

/** The text of a constant. */
export function textOf(value: Value): string | undefined {
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
}

/** The number of a constant. */
export function numberOf(value: Value): number | undefined {
  return value.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;
}

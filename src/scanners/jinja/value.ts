import type { Parameter, Statement } from '../../formats/jinja/ast.ts';

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
  | { readonly kind: 'list'; readonly items: Value[] }
  | { readonly kind: 'dict'; readonly entries: Map<string, Value> }
  | { readonly kind: 'namespace'; readonly entries: Map<string, Value> }
  /** One of several, by the path taken. */
  | { readonly kind: 'choice'; readonly options: readonly Value[] }
  | { readonly kind: 'macro'; readonly macro: MacroValue }
  /** Something of Python that is no data: a function of the environment, or what was reached through one. */
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'unknown'; readonly origin: Origin; readonly triggers: readonly Trigger[] };

/** Most alternatives that are kept apart. */
const MAX_OPTIONS = 24;
/** Longest text that is folded, in UTF-16 units. */
const MAX_TEXT = 10_000;

/** A known value. */
export function constant(value: string | number | boolean | null): Value {
  return { kind: 'constant', value };
}

/** A value of which only the origin is known. */
export function unknown(origin: Origin, triggers: readonly Trigger[] = []): Value {
  return { kind: 'unknown', origin, triggers };
}

/** A text with gaps; a constant when there are none. */
export function text(pieces: readonly string[], origin: Origin): Value {
  if (pieces.reduce((sum, piece) => sum + piece.length, 0) > MAX_TEXT) return { kind: 'text', pieces: ['', ''], origin };
  return pieces.length === 1 ? constant(pieces[0] ?? '') : { kind: 'text', pieces: pieces.length > 64 ? squeeze(pieces) : pieces, origin };
}

function squeeze(pieces: readonly string[]): readonly string[] {
  return [...pieces.slice(0, 60), pieces.at(-1) ?? ''];
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
  const isText = options.some((option) => option.kind === 'text' || (option.kind === 'constant' && typeof option.value === 'string'));
  return isText ? { kind: 'text', pieces: ['', ''], origin: originOf(options) } : unknown('data');
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

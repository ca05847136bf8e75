import { CordonError, malformed } from '../../core/errors.ts';

/** An object of a `tokenizer.json`. */
export type Json = Readonly<Record<string, unknown>>;

/** The object, or `format.malformed`. */
export function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} of the tokenizer is no object`);
  return value as Json;
}

/** The list, or `format.malformed`. */
export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} of the tokenizer is no list`);
  return value;
}

/** The text, or `format.malformed`. */
export function string(value: unknown, what: string): string {
  if (typeof value !== 'string') throw malformed(`${what} of the tokenizer is no text`);
  return value;
}

/** The id of a token, or `format.malformed`. */
export function tokenId(value: unknown, what: string): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0x3ff_ffff)
    throw malformed(`${what} of the tokenizer is no token id`);
  return value as number;
}

/** Why an error and not a guess: a tokenizer that differs a little gives scores that look right. */
export function unsupported(what: string): CordonError {
  return new CordonError('format.unsupported', `The tokenizer uses ${what}, which Cordon does not read.`);
}

const KNOWN_PATTERNS: ReadonlyMap<string, string> = new Map([
  [' {2,}', ' {2,}'],
  [String.raw`\s+`, String.raw`\p{White_Space}+`],
]);

/** A text or one of a few patterns as a regular expression. Why so few: a pattern out of a file could take forever. */
export function pattern(value: unknown): RegExp {
  const parts = object(value, 'a pattern');
  if (typeof parts.String === 'string') return new RegExp(parts.String.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'gu');
  const known = KNOWN_PATTERNS.get(String(parts.Regex));
  if (known === undefined) throw unsupported(`the pattern ${JSON.stringify(parts.Regex)?.slice(0, 80)}`);
  return new RegExp(known, 'gu');
}

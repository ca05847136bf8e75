import { CordonError } from '../../core/errors.ts';
import { integer } from './fields.ts';
import type { JsonObject } from './parse-object.ts';
import { plainName } from './plain-name.ts';

/** Names under which servers look for the length of an answer. Why all of them in every protocol: which one counts, each decides for itself. */
const LENGTHS = [
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'max_new_tokens',
  'max_tokens_to_sample',
  'n_predict',
  'num_predict',
] as const;
/** Names under which they look for the number of answers that are made, whether or not all are returned. */
const ANSWERS = ['n', 'best_of', 'n_cmpl', 'num_return_sequences'] as const;
/** Fields that say what a request may do and cost. */
const GOVERNING: ReadonlySet<string> = new Set([
  ...LENGTHS,
  ...ANSWERS,
  'model',
  'stream',
  'service_tier',
  'speed',
  'tools',
  'background',
  'store',
]);

/** Tokens that one answer may have at most; undefined where nothing says so. Throws `request.invalid`. */
export function longestAnswer(body: JsonObject, least = 1): number | undefined {
  return most(body, LENGTHS, least);
}

/** How many answers are made of one prompt at most. Throws `request.invalid`. */
export function answersAsked(body: JsonObject): number {
  return most(body, ANSWERS, 1) ?? 1;
}

/**
 * Refuses a request in which a field that governs it is written in other letters. Why: some servers take `Max_Tokens` for `max_tokens`,
 * and the last one counts.
 */
export function checkNames(body: JsonObject): void {
  for (const key of Object.keys(body)) {
    if (GOVERNING.has(key)) continue;
    const plain = plainName(key);
    if (GOVERNING.has(plain)) throw new CordonError('request.invalid', `${plain} must be written as it is here`);
  }
}

/** Why the largest: what is reserved must be enough whichever a server reads. */
function most(body: JsonObject, names: readonly string[], least: number): number | undefined {
  let found: number | undefined;
  for (const name of names) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const count = integer(value, least);
    // Why anything else is refused: servers that read "5" as 5, true as 1 and -1 as no limit would do more than was reserved.
    if (count === undefined) throw new CordonError('request.invalid', `${name} must be a number of at least ${least}`);
    found = Math.max(found ?? 0, count);
  }
  return found;
}

import { parseRegex } from '../../src/patterns/matching/parse-regex.ts';
import type { PatternDefinition } from '../../src/patterns/matching/pattern.ts';
import { type Random, sampleMatch } from './sample-match.ts';

/** A text and where the personal data in it stands. */
export interface LabelledText {
  readonly text: string;
  readonly labels: readonly { readonly start: number; readonly end: number; readonly entity: string }[];
}

const FRAMES: readonly (readonly [string, string])[] = [
  ['Please update our records: ', '. Thank you for your help!'],
  ['', ' is what I was given at the counter yesterday.'],
  ['Ticket 4471, reported on Monday.\n', '\nThe customer waits for an answer.'],
  ['{"note": "', '", "open": true}'],
  ['| Field | Value |\n| --- | --- |\n| ', ' | checked |'],
];
const GAPS = [': ', ' ', ' is ', ' = ', ' no. '];

/** A valid value of a pattern; undefined if none was found in a fair number of attempts. */
export function validValue(pattern: PatternDefinition, random: Random): string | undefined {
  const tree = parseRegex(pattern.source, { ignoreCase: pattern.ignoreCase ?? false });
  for (let attempt = 0; attempt < 4000; attempt++) {
    const value = sampleMatch(tree, random);
    if (/^[\x20-\x7e]+$/.test(value) && pattern.validate?.(value) !== false) return value;
  }
  return undefined;
}

/** A text around one valid value, with the words that announce it where the pattern needs them. */
export function labelledText(pattern: PatternDefinition, random: Random): LabelledText | undefined {
  const value = validValue(pattern, random);
  if (value === undefined) return undefined;
  const { context } = pattern;
  const [before, after] = FRAMES[random(FRAMES.length)]!;
  const word = context === undefined || context.raw === true ? '' : context.words[random(context.words.length)]!;
  const gap = word === '' ? '' : context!.adjacent === 'touching' ? ' ' : GAPS[random(GAPS.length)]!;
  const start = before.length + word.length + gap.length;
  return { text: before + word + gap + value + after, labels: [{ start, end: start + value.length, entity: pattern.entity }] };
}

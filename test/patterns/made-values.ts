import { compilePatterns } from '../../src/patterns/matching/compile.ts';
import { detect } from '../../src/patterns/matching/detect.ts';
import { parseRegex } from '../../src/patterns/matching/parse-regex.ts';
import type { PatternDefinition } from '../../src/patterns/matching/pattern.ts';
import type { DetectorCase } from '../detector-case.ts';
import { randomFrom, sampleMatch } from './sample-match.ts';

/** Why: a checksum of two digits lets one value in a hundred through, a rare form one in a thousand. */
const ATTEMPTS = 20_000;

/** A case for each rule of a list of patterns that can be made up: a random value that its validator accepts, behind words that announce it. */
export function madeValues(patterns: readonly PatternDefinition[]): DetectorCase[] {
  const all = compilePatterns(patterns);
  const cases = new Map<string, DetectorCase>();
  for (const pattern of patterns) {
    if (cases.has(pattern.id)) continue;
    const value = validValue(pattern);
    if (value === undefined) continue;
    const text = announcements(pattern)
      .map((words) => `Here: ${words}${value}" and so on.`)
      .find((candidate) => detect(all, candidate).some(({ rule }) => rule === pattern.id));
    if (text !== undefined) cases.set(pattern.id, { name: pattern.id, text, channel: 'user', rules: [pattern.id], others: true });
  }
  return [...cases.values()];
}

function announcements({ context, triggers }: PatternDefinition): string[] {
  const words = context === undefined ? [] : [...context.words, ...triggers];
  return ['', ...words.flatMap((word) => [`${word} `, `${word}: "`, `${word}_key = "`, `${word} Bearer `])];
}

function validValue({ id, source, ignoreCase, validate }: PatternDefinition): string | undefined {
  const random = randomFrom(id.length * 7919 + id.charCodeAt(id.length - 1));
  const tree = parseRegex(source, { ignoreCase: ignoreCase ?? false });
  const exact = new RegExp(`^(?:${source})$`, ignoreCase === true ? 'i' : '');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = sampleMatch(tree, random);
    if (exact.test(value) && (validate?.(value) ?? true)) return value;
  }
  return undefined;
}

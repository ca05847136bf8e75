import { parseRegex } from '../../src/patterns/matching/parse-regex.ts';
import type { PatternDefinition } from '../../src/patterns/matching/pattern.ts';
import type { DetectorCase } from '../detector-case.ts';
import { randomFrom, sampleMatch } from './sample-match.ts';

/** Why: a checksum of two digits lets one value in a hundred through, a rare form one in a thousand. */
const ATTEMPTS = 20_000;

/** A case for each rule of a list of patterns, with a random value that its validator accepts. */
export function madeValues(patterns: readonly PatternDefinition[]): DetectorCase[] {
  const cases = new Map<string, DetectorCase>();
  for (const pattern of patterns) {
    if (cases.has(pattern.id)) continue;
    const value = validValue(pattern);
    if (value === undefined) continue;
    const announced = pattern.context === undefined ? '' : `${pattern.context.words[0]} `;
    cases.set(pattern.id, { name: pattern.id, text: `Here: ${announced}${value} .`, channel: 'user', rules: [pattern.id], others: true });
  }
  return [...cases.values()];
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

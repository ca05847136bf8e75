import { expect, test } from 'vitest';
import { randomFrom, sampleMatch } from '../../../test/patterns/sample-match.ts';
import { parseRegex } from '../../patterns/matching/parse-regex.ts';
import { CODE_PATTERNS } from './code-patterns.ts';

/** Without what samples cannot have: references back, and where a text begins and ends. */
function sampled(source: string): string {
  return source.replace(/^\^/, '').replaceAll('|$)', ')').replaceAll('\\1', 'x').replaceAll('\\2\\b', '4');
}

test.each(CODE_PATTERNS.map(({ regex, signs }) => [regex.source, regex, signs] as const))(
  'each match of %s holds a sign of it',
  (_, regex, signs) => {
    const tree = parseRegex(sampled(regex.source), { ignoreCase: regex.flags.includes('i') });
    let matches = 0;
    for (let seed = 0; seed < 2_000; seed++) {
      const text = ` ${sampleMatch(tree, randomFrom(seed))} `;
      for (const one of [text, text.trim()]) {
        regex.lastIndex = 0;
        const match = regex.exec(one)?.[0];
        if (match === undefined) continue;
        matches++;
        expect(
          signs.some((sign) => match.includes(sign)),
          match,
        ).toBe(true);
      }
    }
    expect(matches).toBeGreaterThan(0);
  },
);

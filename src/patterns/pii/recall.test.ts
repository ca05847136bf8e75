import { expect, test } from 'vitest';
import { labelledText } from '../../../test/patterns/labelled-text.ts';
import { randomFrom } from '../../../test/patterns/sample-match.ts';
import { compilePatterns } from '../matching/compile.ts';
import { detect } from '../matching/detect.ts';
import { PII_PATTERNS } from './index.ts';

const set = compilePatterns(PII_PATTERNS);

test('at least 35 kinds of data in at least 12 countries', () => {
  expect(new Set(PII_PATTERNS.map(({ entity }) => entity)).size).toBeGreaterThanOrEqual(70);
  expect(new Set(PII_PATTERNS.flatMap(({ country }) => country ?? [])).size).toBeGreaterThanOrEqual(30);
});

test.each(
  PII_PATTERNS.filter(({ context }) => context?.raw !== true && context?.adjacent !== 'touching').map(
    (pattern, at) => [`${pattern.id}: ${pattern.title}`, pattern, at] as const,
  ),
)('%s', (_name, pattern, at) => {
  const random = randomFrom(at * 977 + 5);
  let missed = 0;
  let total = 0;
  for (let count = 0; count < 20; count++) {
    const labelled = labelledText(pattern, random);
    if (labelled === undefined) continue;
    total++;
    const [label] = labelled.labels;
    if (!detect(set, labelled.text).some(({ span }) => span.start < label!.end && span.end > label!.start)) missed++;
  }
  if (total > 0) expect({ missed: missed / total > 0.1, total }).toEqual({ missed: false, total });
});

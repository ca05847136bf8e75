import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from './glob.ts';

test.each([
  ['a.pt', 'a.pt', true],
  ['a.pt', '*.pt', true],
  ['x/a.pt', '*.pt', false],
  ['x/a.pt', '**/*.pt', true],
  ['a.pt', '**/*.pt', true],
  ['x/y/z/a.pt', 'x/**/a.pt', true],
  ['x/a.pt', 'x/**/a.pt', true],
  ['x/y/a.pt', 'x/*/a.pt', true],
  ['x/y/z/a.pt', 'x/*/a.pt', false],
  ['models/a', 'models/**', true],
  ['other/a', 'models/**', false],
  ['a1b2c', 'a?b*c', true],
  ['abc', 'a?b*c', false],
  ['a[1].pt', 'a[1].pt', true],
  ['axb.pt', 'a.b.pt', false],
  ['', '', true],
  ['', '*', true],
  ['a', '', false],
  ['a/b', '**', true],
])('%s %s', (path, pattern, expected) => {
  expect(matchesGlob(path, pattern)).toBe(expected);
});

test('it agrees with the same pattern written as a regular expression', () => {
  const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 12 }).map((parts) => parts.join(''));
  const pattern = fc.array(fc.constantFrom('a', 'b', '/', '.', '*', '?', '**/'), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(path, pattern, (subject, glob) => {
      const segments = glob.split('/');
      const source = segments
        .map((segment, index) => {
          const isLast = index === segments.length - 1;
          // A `**` at the end takes whole folders, so also none: "a/**" matches "a".
          if (segment === '**') return isLast ? '(?:[^/]*(?:/[^/]*)*)?' : '(?:[^/]*/)*';
          const text = segment.replaceAll('.', '\\.').replaceAll(/\*+/g, '[^/]*').replaceAll('?', '[^/]');
          return isLast ? text : `${text}/`;
        })
        .join('');
      if (segments.at(-1) !== '**') expect(matchesGlob(subject, glob)).toBe(new RegExp(`^${source}$`).test(subject));
    }),
    { numRuns: 2_000 },
  );
});

test('many wildcards do not explode', () => {
  const started = performance.now();
  expect(matchesGlob('a'.repeat(4_000), `${'*a'.repeat(50)}b`)).toBe(false);
  expect(matchesGlob('a/'.repeat(2_000), `${'**/a/'.repeat(50)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

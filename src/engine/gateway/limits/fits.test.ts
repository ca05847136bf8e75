import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits, fitsAny } from './fits.ts';

test.each([
  ['gpt-5', 'gpt-5', true],
  ['gpt-5-mini', 'gpt-5', false],
  ['gpt-5-mini', 'gpt-*', true],
  ['meta-llama/Llama-3', '*llama/*', true],
  ['claude', 'cl?ude', true],
  ['clde', 'cl?de', false],
  ['', '*', true],
  ['', '?', false],
  ['a[b]', 'a[b]', true],
  ['axb', 'a.b', false],
])('%s as %s: %s', (name, pattern, expected) => expect(fits(name, pattern)).toBe(expected));

test('agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 }), (name, pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(fits(name, pattern)).toBe(expression.test(name));
    }),
  );
});

test('who has no name fits no pattern, and everybody fits none', () => {
  expect(fitsAny(null, ['*'])).toBe(false);
  expect(fitsAny(null, undefined)).toBe(true);
});

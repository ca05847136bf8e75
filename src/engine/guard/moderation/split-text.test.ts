import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitText } from './split-text.ts';

const unit = fc.constantFrom<'utf-16' | 'utf-8'>('utf-16', 'utf-8');

function lengthOf(text: string, counted: 'utf-16' | 'utf-8'): number {
  return counted === 'utf-16' ? text.length : Buffer.byteLength(text);
}

test('a short text is one part', () => {
  expect(splitText('Hello', { length: 5, unit: 'utf-16' })).toEqual([{ start: 0, text: 'Hello' }]);
  expect(splitText('', { length: 5, unit: 'utf-16' })).toEqual([{ start: 0, text: '' }]);
});

test('it is cut between words, and parts overlap', () => {
  const text = 'one two three four five six seven eight nine ten eleven twelve';
  const parts = splitText(text, { length: 30, unit: 'utf-16' });
  expect(parts.map((part) => part.text)).toEqual(['one two three four five six ', 'x seven eight nine ten eleven ', 'en twelve']);
});

test('any text: no part is too long, none is missing, no code point is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 8, max: 60 }), unit, (text, length, counted) => {
      const parts = splitText(text, { length, unit: counted });
      let reached = 0;
      for (const part of parts) {
        expect(text.startsWith(part.text, part.start)).toBe(true);
        expect(lengthOf(part.text, counted)).toBeLessThanOrEqual(length);
        expect(/\p{Surrogate}/u.test(part.text)).toBe(false);
        expect(part.start).toBeLessThanOrEqual(reached);
        expect(part.start + part.text.length).toBeGreaterThanOrEqual(reached);
        reached = part.start + part.text.length;
      }
      expect(reached).toBe(text.length);
    }),
  );
});

test('a long text without white space takes linear time', () => {
  expect(splitText('a'.repeat(5_000_000), { length: 1_000, unit: 'utf-8' }).length).toBeLessThan(6_000);
});

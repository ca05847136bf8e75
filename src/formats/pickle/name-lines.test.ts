import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextNameLine, nextNamePair, type Span } from './name-lines.ts';

const NAME_LINE = /[ci][A-Za-z_][\w.]{0,120}\n[A-Za-z_][\w.]{0,120}\n/g;
const NAMES = /\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x93/g;

const spans = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

function all(next: (bytes: Buffer, from: number) => Span | undefined, text: string): readonly Span[] {
  const bytes = Buffer.from(text, 'latin1');
  const found: Span[] = [];
  for (let one = next(bytes, 0); one !== undefined; one = next(bytes, one.end)) found.push(one);
  return found;
}

function bytesOf(alphabet: string, longest: number): fc.Arbitrary<string> {
  const short = fc.array(fc.constantFrom(...alphabet), { maxLength: longest }).map((letters) => letters.join(''));
  const long = fc.tuple(fc.constantFrom(...alphabet), fc.integer({ min: 110, max: 130 })).map(([letter, count]) => letter.repeat(count));
  return fc
    .array(fc.oneof({ weight: 6, arbitrary: short }, { weight: 1, arbitrary: long }), { maxLength: 12 })
    .map((parts) => parts.join(''));
}

test('finds exactly what the expression for imports of the text protocol finds', () => {
  fc.assert(
    fc.property(bytesOf('cia._9\n\n\x80(', 12), (text) => {
      expect(all(nextNameLine, text)).toEqual(spans(text, NAME_LINE));
    }),
    { numRuns: 3_000 },
  );
});

test('finds exactly what the expression for names from the stack finds', () => {
  fc.assert(
    fc.property(bytesOf('\x8c\x8c\x94\x93q.a9\n', 14), (text) => {
      expect(all(nextNamePair, text)).toEqual(spans(text, NAMES));
    }),
    { numRuns: 3_000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PromptOverlap } from './prompt-overlap.ts';

const WORD = /[\p{L}\p{N}]+/gu;

/** The same, word by word: every row of the text is compared with every row of the secret. */
function expected(secret: string, length: number, text: string): { start: number; end: number }[] {
  const wanted = (secret.match(WORD) ?? []).map((word) => word.toLowerCase());
  const words = [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
  const row = Math.min(length, Math.max(5, wanted.length));
  const spans: { start: number; end: number }[] = [];
  for (let at = 0; at + row <= words.length; at++) {
    const here = words.slice(at, at + row);
    const isThere = wanted.some((_, from) => from + row <= wanted.length && here.every(({ word }, index) => word === wanted[from + index]));
    if (!isThere) continue;
    const { start } = here[0]!;
    const { end } = here.at(-1)!;
    const last = spans.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else if (spans.length < 100) spans.push({ start, end });
  }
  return spans;
}

const word = fc.constantFrom('a', 'B', 'you', 'YOU', 'ΣΑΣ', 'σας', 'İs', '𝐀b', '数', '\u212a', 'k', '7', '\ud835', 'é', '🙂');
const text = fc.array(fc.tuple(word, fc.constantFrom(' ', ', ', '\n', '-', ' ')), { maxLength: 60 }).map((parts) => parts.flat().join(''));

test('finds the rows of words that both have', () => {
  const property = fc.property(text, text, fc.integer({ min: 5, max: 7 }), (secret, other, length) => {
    const both = `${other} ${secret.slice(secret.length >> 2)} ${other}`;
    for (const one of [other, both]) expect(new PromptOverlap(secret, length).find(one)).toEqual(expected(secret, length, one));
  });
  fc.assert(property, { numRuns: 500 });
});

test('a prompt that is given away is found whatever its case and signs', () => {
  const overlap = new PromptOverlap('You are Nora, the assistant of a bakery in Lyon. Never tell anybody what the bread costs.', 12);
  expect(overlap.find('I said: YOU ARE NORA (the assistant of a bakery in Lyon): never tell! And more.')).toEqual([{ start: 8, end: 68 }]);
  expect(overlap.find('You are Nora, the assistant of a bakery.')).toEqual([]);
});

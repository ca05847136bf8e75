import { describe, expect, it } from 'vitest';
import { OBFUSCATIONS, seeded } from '../../../test/encoders/obfuscations.ts';
import { SENTENCES } from '../../../test/encoders/sentences.ts';
import { normalise } from '../normalise/normalise.ts';
import { views } from './views.ts';

/** Inner letters in another order need the word in the dictionary; the other families must come back nearly whole. */
const EXPECTED: Readonly<Record<string, number>> = { typoglycemia: 0.9 };

describe.each(OBFUSCATIONS)('$name', ({ name, encode }) => {
  it('comes back from normalisation or a view', () => {
    const random = seeded(7);
    let found = 0;
    let total = 0;
    for (const sentence of SENTENCES) {
      const normal = normalise(encode(sentence, random));
      const readings = [normal.text, ...views(normal).views.map((view) => view.text)];
      const wanted = wordsOf(sentence);
      total += wanted.length;
      found += Math.max(...readings.map((reading) => recovered(wanted, reading)));
    }
    expect(found / total).toBeGreaterThanOrEqual(EXPECTED[name] ?? 0.95);
  });
});

it('has two hundred sentences, none of which has a view in clear text', () => {
  expect(SENTENCES.length).toBeGreaterThanOrEqual(200);
  const odd = SENTENCES.filter((sentence) => views(normalise(sentence)).views.length > 0);
  expect(odd).toEqual([]);
});

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}

function recovered(wanted: readonly string[], reading: string): number {
  const there = new Set(wordsOf(reading));
  return wanted.filter((word) => there.has(word)).length;
}

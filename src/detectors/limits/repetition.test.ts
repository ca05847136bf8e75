import { expect, test } from 'vitest';
import { repetition } from './repetition.ts';

const plain = 'The ferry leaves at noon, and whoever misses it walks around the bay, which takes three hours in good weather. ';

test.each([1, 2, 3, 5, 8])('finds %i words that repeat, wherever they stand', (period) => {
  const words = ['poem', 'company', 'sea', 'light', 'harbour', 'wind', 'stone', 'evening'].slice(0, period).join(' ');
  for (let shift = 0; shift < 40; shift++) {
    const lead = plain.repeat(20).slice(0, 900 + shift * 17);
    const found = repetition(`${lead} ${`${words} `.repeat(Math.ceil(700 / words.length) + 45)}${plain}`);
    expect(found?.start).toBeGreaterThanOrEqual(lead.length - period * 12);
    expect(found?.end).toBeGreaterThan(lead.length + 500);
  }
});

test('finds one character 2,000 times in a row, unless rows are drawn with it', () => {
  for (const lead of [0, 1, 1_999, 2_000, 3_500]) {
    expect(repetition(`${plain.repeat(40).slice(0, lead)}${'A'.repeat(2_000)}.`)).toEqual({ start: lead, end: lead + 2_000 });
    expect(repetition(`${plain.repeat(40).slice(0, lead)}${'A'.repeat(1_500)}.`)).toBeUndefined();
    expect(repetition(`${plain.repeat(40).slice(0, lead)}${'-'.repeat(5_000)}.`)).toBeUndefined();
  }
});

test('ordinary text and short repetition are none', () => {
  expect(repetition(plain.repeat(2))).toBeUndefined();
  expect(repetition(`${plain}${'no '.repeat(30)}${plain.repeat(5)}`)).toBeUndefined();
  expect(repetition(Array.from({ length: 400 }, (_, row) => `row ${row} has word${row % 7}`).join('\n'))).toBeUndefined();
});

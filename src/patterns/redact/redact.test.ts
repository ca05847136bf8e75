import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { cut } from '../../../test/patterns/stream-case.ts';
import { randomFrom } from '../../../test/patterns/sample-match.ts';
import { luhn } from '../pii/checksums/luhn.ts';
import { disguise, FORMATS } from './format-preserving.ts';
import { conversationKey, PseudonymMap } from './pseudonyms.ts';
import { redact } from './redact.ts';
import { restore, RestoreStream } from './restore.ts';

const detection = (
  start: number,
  end: number,
  entity: string,
  score = 1,
): { rule: string; span: { start: number; end: number }; score: number; entity: string } => ({
  rule: 'x.y',
  span: { start, end },
  score,
  entity,
});

test('the same value gets the same name, and comes back', () => {
  const pseudonyms = new PseudonymMap();
  const text = 'a@x.org and b@x.org and a@x.org';
  const found = [detection(0, 7, 'EMAIL'), detection(12, 19, 'EMAIL'), detection(24, 31, 'EMAIL')];
  expect(redact(text, found, { pseudonyms })).toBe('<EMAIL_1> and <EMAIL_2> and <EMAIL_1>');
  expect(restore('Write to <EMAIL_2>, not <EMAIL_1> or <EMAIL_3>.', pseudonyms)).toBe('Write to b@x.org, not a@x.org or <EMAIL_3>.');
});

test('a name that already stands in the text is not given to a value', () => {
  const pseudonyms = new PseudonymMap();
  const redacted = redact('<EMAIL_1> is a@x.org', [detection(13, 20, 'EMAIL')], { pseudonyms });
  expect(redacted).toBe('<EMAIL_1> is <EMAIL_2>');
  expect(restore(redacted, pseudonyms)).toBe('<EMAIL_1> is a@x.org');
});

test('whatever the pieces, names are restored', () => {
  const pseudonyms = new PseudonymMap();
  for (let at = 0; at < 12; at++) pseudonyms.nameOf('EMAIL', `user${at}@x.org`);
  pseudonyms.nameOf('PERSON', 'Ann <EMAIL_1>');
  const parts = ['<EMAIL_1>', '<EMAIL_11>', '<EMAIL_', '<', '<<EMAIL_2>', '<PERSON_1>', ' text ', '<EMAIL_99>', '>'];
  for (let seed = 0; seed < 3000; seed++) {
    const random = randomFrom(seed);
    const text = Array.from({ length: 1 + random(8) }, () => parts[random(parts.length)]!).join('');
    const stream = new RestoreStream(pseudonyms);
    const joined =
      cut(text, random)
        .map((piece) => stream.push(piece))
        .join('') + stream.end();
    expect(joined).toBe(restore(text, pseudonyms));
  }
});

test('the map shows and serialises without values', () => {
  const pseudonyms = new PseudonymMap();
  pseudonyms.nameOf('EMAIL', 'secret@x.org');
  for (const shown of [JSON.stringify({ pseudonyms }), inspect(pseudonyms, { depth: 9, showHidden: true }), String(pseudonyms)])
    expect(shown).not.toContain('secret');
});

test('overlapping detections: nothing that any of them covers stays', () => {
  expect(redact('0123456789', [detection(2, 5, 'A', 0.5), detection(4, 8, 'B', 1), detection(4, 5, 'C', 0.9)], {})).toBe('01[B]89');
  expect(redact('abc', [detection(1, 1, 'A'), detection(2, 99, 'B')], {})).toBe('ab[B]');
});

test('formats are kept', () => {
  const options = { key: conversationKey(), keepDomain: true };
  const card = disguise('PAYMENT_CARD', '4539 1488 0343 6467', options)!;
  expect(card).toMatch(/^9\d{3} \d{4} \d{4} 6467$/);
  expect(luhn([...card.replaceAll(' ', '')].map(Number))).toBe(true);
  expect(disguise('EMAIL', 'ann@acme.org', options)).toMatch(/^user-[0-9a-f]{10}@acme\.org$/);
  expect(disguise('BIRTH_DATE', '1985-03-12', options)).toMatch(/^19[78]\d-\d\d-\d\d$/);
  expect(disguise('BIRTH_DATE', '12 March 1985', options)).toBeUndefined();
  const pseudonyms = new PseudonymMap();
  const formats = { entities: FORMATS, options };
  const redacted = redact('pay 4539148803436467 now', [detection(4, 20, 'PAYMENT_CARD')], { pseudonyms, formats });
  expect(redacted).toMatch(/^pay 9\d{11}6467 now$/);
  expect(restore(redacted, pseudonyms)).toBe('pay 4539148803436467 now');
});

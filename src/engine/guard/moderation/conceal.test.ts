import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GuardDetection } from '../decision.ts';
import { conceal } from './conceal.ts';

function detection(start: number, end: number, entity?: string): GuardDetection {
  return {
    rule: 'pii.x',
    detector: 'pii',
    segment: 0,
    channel: 'user',
    span: { start, end },
    score: 1,
    ...(entity !== undefined && { entity }),
  };
}

test('values become labels, and places lead back', () => {
  const text = 'Mail ann@example.org or call 555-0100 now';
  const concealed = conceal(text, [detection(29, 37, 'PHONE'), detection(5, 20, 'EMAIL')]);
  expect(concealed.text).toBe('Mail [EMAIL] or call [PHONE] now');
  const back = (part: string) => {
    const start = concealed.text.indexOf(part);
    const { start: from, end } = concealed.toOriginal({ start, end: start + part.length });
    return text.slice(from, end);
  };
  expect(['Mail', '[EMAIL]', 'EMA', 'or call', ' now', 'call [PHO'].map(back)).toEqual([
    'Mail',
    'ann@example.org',
    'ann@example.org',
    'or call',
    ' now',
    'call 555-0100',
  ]);
});

test('what overlaps is one; nothing changes where nothing is found', () => {
  expect(conceal('abcdefgh', [detection(1, 4, 'A'), detection(3, 6, 'B'), detection(6, 6)]).text).toBe('a[A]gh');
  expect(conceal('abc', []).toOriginal({ start: 1, end: 2 })).toEqual({ start: 1, end: 2 });
});

test('any detections, any span: the way back stays within the text and keeps the order', () => {
  const span = fc.tuple(fc.nat(40), fc.nat(12)).map(([start, length]) => detection(start, start + length, 'LABEL'));
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.array(span, { maxLength: 6 }), fc.nat(200), fc.nat(200), (text, detections, a, b) => {
      const concealed = conceal(text, detections);
      const at = (value: number) => Math.min(value, concealed.text.length);
      const { start, end } = concealed.toOriginal({ start: at(Math.min(a, b)), end: at(Math.max(a, b)) });
      expect(start).toBeGreaterThanOrEqual(0);
      expect(start).toBeLessThanOrEqual(Math.max(start, end));
      expect(end).toBeLessThanOrEqual(text.length);
      if (a !== b && at(a) !== at(b)) expect(end).toBeGreaterThanOrEqual(start);
      expect(concealed.toOriginal({ start: 0, end: concealed.text.length })).toEqual({ start: 0, end: text.length });
    }),
  );
});

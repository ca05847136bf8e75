import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test.each([
  ['\x1b[31mred\x1b[0m', String.raw`\x1b[31mred\x1b[0m`],
  ['\x9b2J', String.raw`\x9b2J`],
  ['a\r\nb\tc\0', String.raw`a\r\nb\tc\x00`],
  ['model\u202etp.exe', String.raw`model\u{202e}tp.exe`],
  ['a\u200bb\u2060c\ufeff', String.raw`a\u{200b}b\u{2060}c\u{feff}`],
  ['\u{e0041}\u{e007f}', String.raw`\u{e0041}\u{e007f}`],
  ['\ud800x', String.raw`\u{d800}x`],
  ['line\u2028end', String.raw`line\u{2028}end`],
  ['weights/naïve-模型 v2.pt', 'weights/naïve-模型 v2.pt'],
])('%j', (hostile, shown) => {
  expect(printable(hostile)).toBe(shown);
});

test('the result is one line, has no control character left and stays as it is when printed again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';

/** Strings of everything that the steps care about. */
const HOSTILE = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\0',
        '\u200b',
        '\u{e0061}',
        '\u0301',
        '\u05d0\u0591',
        'ﷺ',
        'ﬃ',
        '\u1100\u1161',
        'ｶﾞ',
        'і',
        '𝐚',
        '🇩🇪',
        '\ufe0f',
        '🏴',
      ),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('normalise', () => {
  it('returns plain ASCII as it came', () => {
    const text = 'Hello,\tworld.\r\n';
    const normal = normalise(text);
    expect(normal.text).toBe(text);
    expect(normal.map.toOriginal(2, 5)).toEqual({ start: 2, end: 5 });
  });

  it.each([
    ['ＩＧＮＯＲＥ　this', 'IGNORE this'],
    ['𝐢𝐠𝐧𝐨𝐫𝐞 𝓪𝓵𝓵', 'ignore all'],
    ['i\u200bg\u2060n\u00ado\u202ere', 'ignore'],
    ['\u{e0069}\u{e0067}\u{e006e}', 'ign'],
    ['i\u0301g\u0308nŏré', 'ignore'],
    ['Łódź, đá, ø', 'Lodz, da, o'],
    ['іgnоrе аll рrеviоus', 'ignore all previous'],
    ['🅸🅶🅽 ⒤⒢ ⓘⓖ 🇮🇬 🄸🄶 ɪɢ', 'IGN ig ig IG IG ig'],
    ['“quoted” — it’s…', '"quoted" - it\'s...'],
    ['ig\0no\x08re', 'ignore'],
  ])('reads %j as %j', (original, expected) => {
    expect(normalise(original).text).toBe(expected);
  });

  it.each(['Привет, как дела? Это API.', 'Καλημέρα κόσμε', 'नमस्ते हिन्दी', '안녕하세요', '你好世界', 'שָׁלוֹם', 'สวัสดี', 'がぎぐ'])(
    'leaves %s alone',
    (text) => {
      const normal = normalise(text);
      expect(normal.text).toBe(text.normalize('NFKC'));
      expect(normal.signals.homoglyphCount).toBe(0);
    },
  );

  it('maps spans back exactly', () => {
    const original = 'Say 𝐢𝐠\u200bn, ﬁne';
    const normal = normalise(original);
    expect(normal.text).toBe('Say ign, fine');
    const at = normal.text.indexOf('ign');
    const span = normal.map.toOriginal(at, at + 3);
    expect(original.slice(span.start, span.end)).toBe('𝐢𝐠\u200bn');
    const half = normal.text.indexOf('ine');
    expect(original.slice(normal.map.toOriginal(half, half + 3).start)).toBe('ﬁne');
  });

  it('composes what is written apart', () => {
    expect(normalise('か\u3099 ｶﾞ \u1112\u1161\u11ab й').text).toBe('が ガ 한 й');
  });

  it('counts hiding, not honest writing', () => {
    expect(normalise('a\u200bb \u202ec\u{e0061}').signals.hiddenCounts).toEqual({ 'zero-width': 1, bidi: 1, tag: 1 });
    expect(normalise('\ufeffمی‌خواهم 👨‍👩‍👧 ❤️ 🏴\u{e0067}\u{e0062}\u{e007f}').signals.hidden).toEqual([]);
    expect(normalise('раураl').signals.homoglyphCount).toBe(1);
  });

  it('keeps lone surrogates', () => {
    expect(normalise('\ud800é\udc00').text).toBe('\ud800e\udc00');
  });

  it('has monotone maps into the original, whatever the text', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const normal = normalise(text);
        let before = 0;
        for (let at = 0; at < normal.text.length; at++) {
          const span = normal.map.toOriginal(at, at + 1);
          expect(span.start).toBeGreaterThanOrEqual(before);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          before = span.start;
        }
        const whole = normal.map.toOriginal(0, normal.text.length);
        expect(whole.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing in what it has normalised, but for marks and letters that became neighbours', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const once = normalise(text).text;
        expect(normalise(once).text.length).toBeLessThanOrEqual(once.length);
      }),
    );
  });

  it.each([
    ['zero-width', 'i\u200b'],
    ['marks out of order', '\u0316\u0301\u0317\u0300'],
    ['expansions', 'ﷺ'],
    ['surrogates', '\ud800'],
    ['look-alikes', 'аa '],
    ['jamo', '\u1100\u1161\u11a8'],
  ])('takes linear time: %s', (_, unit) => {
    const small = timed(unit.repeat(20_000));
    const large = timed(unit.repeat(200_000));
    // Ten times the text; quadratic would be a hundred times.
    expect(large).toBeLessThan(Math.max(small, 5) * 40);
  });
});

function timed(text: string): number {
  const start = performance.now();
  normalise(text);
  return performance.now() - start;
}

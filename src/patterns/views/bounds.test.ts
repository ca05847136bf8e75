import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import { hiddenStretches } from './markup.ts';
import { linkTargets } from './link-targets.ts';
import { views } from './views.ts';

const PIECES = fc.constantFrom(
  '%69', '&#105;', '\\u0069', '\\x69\\x67', '=69=6E', 'aWdub3JlIGFsbA==', '69676e6f7265', '01101001 01101110 01100111', '.. --. -. --- .-.',
  'i g n o r e', '1gn0r3', 'vtaber nyy', '<b>', '</b>', '<!--', '-->', '<div style="display:none">', '<p title="a b">', '](http://x/?q=', '\n',
  ' ', '\u200b', '\ud800', '\0', 'é', 'the', 'Привет', '你好', '105 103 110 111 114', 'U+0069 U+0067 U+006E', 'erongi lla', '[//]: # (a b)', '\ufe01',
); // prettier-ignore
const HOSTILE = fc.array(fc.oneof(PIECES, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 60 }).map((parts) => parts.join(''));

describe('views of any text', () => {
  it('map into the original', () => {
    fc.assert(
      fc.property(HOSTILE, fc.nat(), fc.nat(40), (text, offset, length) => {
        const found = views(normalise(text));
        expect(found.views.length).toBeLessThanOrEqual(10);
        for (const view of found.views) {
          const start = offset % (view.text.length + 1);
          const end = Math.min(view.text.length, start + length);
          const span = view.map.toOriginal(start, end);
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(view.decodedBy(start, end).every((name) => view.decoding.includes(name))).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['nested brackets', '[{"a":'],
    ['nested elements', '<div style="display:none">'],
    ['open comments', '<!--'],
    ['open tags', '<a href="'],
    ['percent signs', '%69'],
    ['base64', 'aWdub3Jl'],
    ['base64 lines', `${'aWdub3Jl'.repeat(8)}\n`],
    ['hex', '69676e'],
    ['binary', '01101001 '],
    ['numbers', '105 103 '],
    ['Morse', '.. --. '],
    ['single letters', 'i g '],
    ['leetspeak', '1gn0r3 '],
    ['signs of leetspeak', 'a!'],
    ['shuffled words', 'Inogre puvreios '],
    ['cipher', 'vtaber nyy cerivbhf\n'],
    ['backslashes', '\\'],
    ['escapes', '\\x69'],
    ['entities', '&#105;'],
    ['plus signs', 'a+'],
    ['quoted-printable', '=69'],
    ['code points', 'U+0069 '],
    ['zero-width', 'a\u200b\u200c'],
    ['selectors', '\ufe01'],
    ['links', '![](http://a/?b='],
    ['reference definitions', '[a]: '],
    ['styles', '<style>.a{'],
    ['one word', 'a'],
    ['line breaks', '\n'],
    ['surrogates', '\ud800'],
    ['capitals', 'ABCDEFGH'],
    ['echoes', 'echo tango '],
    ['fullwidth', '\uff49'],
  ])('take linear time and never throw: %s', (_, unit) => {
    const small = timed(unit.repeat(Math.ceil(30_000 / unit.length)));
    const large = timed(unit.repeat(Math.ceil(300_000 / unit.length)));
    expect(large).toBeLessThan(Math.max(small, 10) * 40);
  });
});

/** The shortest of three: whatever else the machine does only makes it longer. */
function timed(text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => timedOnce(text)));
}

function timedOnce(text: string): number {
  const start = performance.now();
  views(normalise(text));
  hiddenStretches(text);
  linkTargets(text);
  return performance.now() - start;
}

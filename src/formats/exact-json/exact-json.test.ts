import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changed, keepNumbers, numberText, renameField } from './exact-numbers.ts';
import { structureOf } from './structure.ts';
import { writeJson } from './write-json.ts';

type Json = Record<string, unknown>;

/** As the gateway reads: numbers are kept where they have to be. */
function read(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (structureOf(text).hasUnusualNumbers) keepNumbers(text, value);
  return value;
}

const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,25})$/);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.constantFrom('', '.0', '.50', '.125', '.00000000000000000001'),
    fc.constantFrom('', 'e5', 'E+400', 'e-7'),
  )
  .map((parts) => parts.join(''));
const string = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text));
/** JSON text in which numbers are written in every way. */
const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    string,
    fc.constantFrom('true', 'false', 'null', '-0', '1e400', '"1e400"', '"-0: 1.0"'),
    fc.array(tie('value'), { maxLength: 4 }).map((list) => `[${list.join(',')}]`),
    fc.array(number, { minLength: 60, maxLength: 80 }).map((list) => `[${list.join(',')}]`),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(string, tie('value')), { selector: ([key]) => key, maxLength: 4 })
    .map((fields) => `{${fields.map(([key, value]) => `${key}:${value}`).join(',')}}`),
})).object;

/** Numbers outside of strings, one after the other. */
const numbersOf = (text: string): readonly string[] => text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];

test('what is read is written byte for byte', () => {
  fc.assert(
    fc.property(json, (text) => {
      // Why sorted by nature: JavaScript puts keys that are whole numbers first.
      fc.pre(!/"\d+":/.test(text));
      expect(writeJson(read(text))).toBe(text);
    }),
    { numRuns: 3_000 },
  );
});

test('with spaces everywhere and keys of any kind the numbers are the same', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(' ', '\n', '\t\r\n '), (text, space) => {
      const spaced = text.replaceAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]/g, (one) => (one.length === 1 ? `${space}${one}${space}` : one));
      expect([...numbersOf(writeJson(read(spaced)))].toSorted()).toEqual([...numbersOf(text)].toSorted());
    }),
    { numRuns: 1_000 },
  );
});

test('what is put into a text leaves every other number as it was', () => {
  fc.assert(
    fc.property(json, json, (inner, outer) => {
      fc.pre(!/"\d+":/.test(inner + outer));
      const body = read(`{"text":"ann","inner":${inner},"last":${outer}}`);
      body.text = '<NAME_1>';
      expect(writeJson(changed(body, { model: 'm' }))).toBe(`{"text":"<NAME_1>","inner":${inner},"last":${outer},"model":"m"}`);
      expect(writeJson({ made: [body.inner], n: 1 })).toBe(`{"made":[${inner}],"n":1}`);
    }),
    { numRuns: 1_000 },
  );
});

test('numbers are what they were in copies, under new names, and not once they were replaced', () => {
  const text = '{"a":12345678901234567890,"b":-0,"c":1e400,"d":1.0,"e":[1.50,{"f":0.10}]}';
  const body = read(text);
  expect(writeJson(body)).toBe(text);
  expect([numberText(body, 'a'), numberText(body, 'd'), numberText({ x: 5 }, 'x')]).toEqual(['12345678901234567890', '1.0', '5']);
  body.b = 'text';
  body.d = 2;
  renameField(body, 'c', 'z');
  expect(writeJson(changed(body, { model: 'm' }))).toBe(
    '{"a":12345678901234567890,"b":"text","d":2,"e":[1.50,{"f":0.10}],"z":1e400,"model":"m"}',
  );
  const vector = `{"v":[${Array(400).fill('1.0').join(', ')}]}`;
  const long = read(vector);
  expect(writeJson(long)).toBe(vector);
  (long.v as unknown[])[1] = 'gone';
  expect(writeJson(long)).toBe(`{"v":[1.0,"gone",${Array(398).fill('1.0').join(',')}]}`);
});

test.each([
  ['{"a":1,"b":-1,"c":0.5,"d":123456789012345}', 4, false],
  ['{"a":"1.0 -0 1e400"}', 1, false],
  ['{"a":1.0}', 1, true],
  ['[-0]', 0, true],
  ['{"a\\"":"\\\\","b":{"c":[12345678901234567890]}}', 3, true],
  ['{"a":1E3}', 1, true],
  ['{"a":9007199254740993}', 1, true],
  ['{"a":1e-7}', 1, false],
] as const)('%s has %i keys, and unusual numbers: %s', (text, keys, hasUnusualNumbers) => {
  expect(structureOf(text)).toEqual({ keys, hasUnusualNumbers });
});

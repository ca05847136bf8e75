import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('keys are sorted, undefined is left out', () => {
  expect(canonicalJson({ b: 1, a: [1, { d: null, c: undefined }], é: 'x', '€': 0, 10: 'i', 9: '"\n\ud800' })).toBe(
    '{"10":"i","9":"\\"\\n\\ud800","a":[1,{"d":null}],"b":1,"é":"x","€":0}',
  );
});

test('numbers are written as RFC 8785 demands', () => {
  expect(canonicalJson([0.1, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[0.1,1e+30,4.5,0.002,1e-27,0]');
});

test('the order of keys does not matter, the value survives', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalJson(value)).toBe(canonicalJson(reversed));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

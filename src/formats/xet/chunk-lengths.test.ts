import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packLengths, unpackLengths } from './chunk-lengths.ts';

test('lengths come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 24 - 1)), (lengths) => {
      expect(unpackLengths(packLengths(lengths))).toEqual(lengths);
    }),
  );
  expect(() => unpackLengths('AAAA'.slice(0, 2))).toThrow('lengths');
});

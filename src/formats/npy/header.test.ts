import fc from 'fast-check';
import { expect, test } from 'vitest';
import { npy, npyHeader } from '../../../test/makers/npy.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { readNpyHeader } from './header.ts';

const budget = new Budget(Limits.parse({}));

function read(bytes: Uint8Array) {
  return readNpyHeader(bufferSource(bytes), 0, budget);
}

test('sizes are exact, also for nested fields with shapes', () => {
  const header = read(npy(npyHeader("[('a', '<i4'), ('b', [('x', '<U3', (2, 2)), ('y', '|b1')], 5)]", '(7, 2)')));
  expect(header.dtype.itemSize).toBe(4n + 5n * (4n * 12n + 1n));
  expect(header.elements).toBe(14n);
  expect(header.dtype.hasObject).toBe(false);
});

test('huge dimensions do not wrap around', () => {
  expect(read(npy(npyHeader("'<f8'", '(4294967296, 4294967296, 4294967296)'))).elements).toBe(2n ** 96n);
});

test('a mutated header is read or refused', () => {
  const valid = npy(npyHeader("[('a', '<i4'), ('b', '|O', (2,))]", '(3, 4)'), Buffer.alloc(64), 2);
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const mutated = Buffer.from(valid);
      mutated[at] = byte;
      try {
        read(mutated.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
  );
});

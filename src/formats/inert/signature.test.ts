import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bufferSource } from '../bytes/source.ts';
import { catboost } from '../catboost/signature.ts';
import { executable } from '../executable/signature.ts';
import { lfsPointer } from '../lfs-pointer/signature.ts';
import { lightgbm } from '../lightgbm/signature.ts';
import { msgpack } from '../msgpack/signature.ts';
import { npy } from '../npy/signature.ts';
import { rData } from '../r-data/signature.ts';
import { tensorrt } from '../tensorrt/signature.ts';
import { xgboost } from '../xgboost/signature.ts';
import { xml } from '../xml/signature.ts';
import { inert } from './signature.ts';

const signatures = [npy, ...inert, executable, tensorrt, catboost, lightgbm, xgboost, rData, lfsPointer, xml, msgpack];

function formatOf(bytes: Uint8Array): string | undefined {
  return signatures.find((signature) => signature.matches(bytes.subarray(0, 4096), bufferSource(bytes)))?.format;
}

test.each([
  ['image', '89504e470d0a1a0a'],
  ['image', '424d460000000000000036000000280000000a'],
  ['image', '52494646240000005745425056503820'],
  ['media', '524946462400000057415645666d7420'],
  ['image', '00000018667479706176696600000000'],
  ['media', '00000018667479706d70343200000000'],
  ['tabular', '5041523115'],
  ['pdf', '255044462d312e37'],
])('%s by %s', (format, hex) => {
  expect(formatOf(Buffer.from(hex, 'hex'))).toBe(format);
});

test('random bytes, floats and text are none of these formats', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 300 }), (bytes) => formatOf(bytes) === undefined),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 16, maxLength: 100, noNaN: true }),
      (numbers) => formatOf(new Uint8Array(numbers.buffer)) === undefined,
    ),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.string({ minLength: 16, maxLength: 300 }), (text) => formatOf(Buffer.from(text)) === undefined),
    { numRuns: 1_000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summariseCode } from './read.ts';

/** `marshal.dumps((lambda x: __import__('os').system('id')).__code__)` of Python 3.11. */
const PYTHON_3_11 =
  'e30100000000000000000000000300000003000000f34600000097007401000000000000000000006401a6010000ab010000000000000000a0010000000000' +
  '0000000000000000000000000000006402a6010000ab010000000000000000530029034eda026f73da0269642902da0a5f5f696d706f72745f5fda06737973' +
  '74656d2901da0178730100000020fa073c737464696e3efa083c6c616d6264613e720800000002000000731c00000080009d7aa824d11f2fd41f2fd71f36d2' +
  '1f36b074d11f3cd41f3c8000f300000000';
/** The same of Python 2.7, where names are interned. */
const PYTHON_2_7 =
  '630100000001000000020000004300000073130000007400006401008301006901006402008301005328030000004e74020000006f73740200000069642802' +
  '000000740a0000005f5f696d706f72745f5f740600000073797374656d28010000007401000000782800000000280000000073070000003c737464696e3e74' +
  '080000003c6c616d6264613e010000007300000000';

const code = Buffer.from(PYTHON_3_11, 'hex');

test('names and constants of a Python 3.11 lambda', () => {
  expect(summariseCode(code)).toEqual({ names: ['__import__', 'system'], strings: ['os', 'id'], filename: '<stdin>' });
});

test('names and constants of a Python 2.7 lambda', () => {
  const summary = summariseCode(Buffer.from(PYTHON_2_7, 'hex'));
  expect(summary).toEqual({ names: ['__import__', 'system'], strings: ['os', 'id'], filename: '<stdin>' });
});

test('mutated code gives a summary or nothing, and never fails', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(code.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(code.length), (edits, cut) => {
      const mutated = Uint8Array.from(code.subarray(0, cut === 0 ? code.length : cut));
      for (const [at, byte] of edits) if (at < mutated.length) mutated[at] = byte;
      summariseCode(mutated);
    }),
    { numRuns: 2000 },
  );
});

test('tuples that repeat each other do not multiply', () => {
  const tuple = (items: number[][]): number[] => [0xa9, items.length, ...items.flat()];
  let nested = tuple(Array.from({ length: 200 }, () => [0x4e]));
  for (let i = 0; i < 50; i++) nested = tuple([nested, ...Array.from({ length: 200 }, () => [0x72, 49 - i, 0, 0, 0])]);
  const bytes = [0x63, ...Array.from({ length: 20 }, () => 0), 0x4e, ...nested, 0x4e];
  expect(summariseCode(Uint8Array.from(bytes))).toBeUndefined();
});

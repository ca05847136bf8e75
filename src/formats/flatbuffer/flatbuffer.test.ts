import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { flatBuffer, i32, i32s, table, tables, text, u64, u64s, u8 } from '../../../test/makers/flatbuffer.ts';
import { FlatBuffer } from './flatbuffer.ts';

function open(bytes: Uint8Array): FlatBuffer {
  return new FlatBuffer(bufferSource(bytes), new Budget(Limits.parse({})));
}

describe('flatbuffer reader', () => {
  const bytes = flatBuffer('TEST', {
    0: i32(-7),
    1: text('name'),
    2: tables({ 0: u8(1) }, { 0: u8(2) }),
    4: table({ 0: u64(2 ** 40) }),
    5: i32s(3, -4),
    6: u64s(5, 2 ** 50),
  });

  test('reads every kind of field, and the default of an absent one', () => {
    const root = open(bytes).root();
    expect(root.i32(0)).toBe(-7);
    expect(root.string(1)).toBe('name');
    expect([...root.tables(2)].map((item) => item.u8(0))).toEqual([1, 2]);
    expect(root.i32(3, 42)).toBe(42);
    expect(root.table(4)?.u64(0)).toBe(2 ** 40);
    expect(root.i32s(5, 10)).toEqual([3, -4]);
    expect(root.u64s(6, 1)).toEqual([5]);
    expect(root.table(99)).toBeUndefined();
    expect(root.vector(99, 4).count).toBe(0);
  });

  test('a vector longer than the file is refused before anything is allocated', () => {
    const hostile = Buffer.from(bytes);
    const at = hostile.indexOf('name') - 4;
    hostile.writeUInt32LE(0xffff_ffff, at);
    expect(() => open(hostile).root().string(1)).toThrow(/leads out of the file/);
  });

  test('any change of a byte is read or refused', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, end) => {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        try {
          const root = open(changed.subarray(0, Math.max(at, end))).root();
          root.string(1);
          for (const item of root.tables(2)) item.u8(0);
          root.table(4)?.u64(0);
          root.i32s(5, 100);
          root.u64s(6, 100);
        } catch (error) {
          if (!(error instanceof CordonError)) throw error;
        }
      }),
    );
  });
});

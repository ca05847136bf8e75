import fc from 'fast-check';
import { expect, test } from 'vitest';
import { f32, makeSafetensors } from '../../../test/make-safetensors.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { readHeader } from './header.ts';
import { layOut } from './layout.ts';
import { safetensors } from './signature.ts';

const budget = (): Budget => new Budget(Limits.parse({}));
const valid = makeSafetensors({ __metadata__: { format: 'pt' }, w: f32(4, 0), b: f32(2, 16) }, Buffer.alloc(24));

test('any mutation or truncation is read or refused with a CordonError', () => {
  const mutation = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 4 }), fc.nat(valid.length), (mutations, length) => {
      const bytes = valid.slice(0, Math.max(8, length));
      for (const [at, byte] of mutations) if (at < bytes.length) bytes[at] = byte;
      try {
        const header = readHeader(bufferSource(bytes), budget());
        layOut(header.tensors, bytes.length - header.dataStart);
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('reads only the header of a file of 100 GB', () => {
  const bytes = 100 * 2 ** 30;
  const head = makeSafetensors({ w: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }, new Uint8Array(0));
  let furthest = 0;
  const source = {
    size: head.length + bytes,
    read: (offset: number, length: number): Uint8Array => {
      furthest = Math.max(furthest, offset + length);
      return head.subarray(offset, offset + length);
    },
  };
  const { tensors, dataStart } = readHeader(source, budget());
  expect(layOut(tensors, source.size - dataStart)).toEqual({ outside: [], overlapping: [], holes: [], end: bytes });
  expect(furthest).toBe(head.length);
});

test('a partition of the buffer in any order has neither overlaps nor holes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 20 }), fc.infiniteStream(fc.nat()), (sizes, keys) => {
      let end = 0;
      const entries = sizes.map((count, i) => {
        const entry = { key: keys.next().value as number, name: `t${i}`, info: f32(count, end) };
        end += 4 * count;
        return entry;
      });
      const header = Object.fromEntries(entries.toSorted((a, b) => a.key - b.key).map(({ name, info }) => [name, info]));
      const { tensors } = readHeader(bufferSource(makeSafetensors(header, Buffer.alloc(end))), budget());
      expect(layOut(tensors, end)).toEqual({ outside: [], overlapping: [], holes: [], end });
    }),
  );
});

test('sniffs headers, and neither random bytes nor source text', () => {
  const is = (bytes: Uint8Array): boolean => safetensors.matches(bytes, bufferSource(bytes));
  expect(is(valid)).toBe(true);
  expect(is(makeSafetensors('{}', new Uint8Array(0)))).toBe(true);
  expect(is(Buffer.from('var x = {"a": 1}'))).toBe(false);
  expect(is(Buffer.from('{"a": 1, {"b": 2}}'))).toBe(false);
  fc.assert(fc.property(fc.uint8Array({ minLength: 12, maxLength: 64 }), (bytes) => bytes[8] === 0x7b || !is(bytes)));
});

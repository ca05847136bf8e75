import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GgufWriter } from '../../../test/make-gguf.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { layOutGguf } from './layout.ts';
import { parseLegacyGgml } from './legacy.ts';
import { parseGguf } from './parse.ts';
import { ggml, gguf } from './signature.ts';

const budget = (): Budget => new Budget(Limits.parse({}));

function model(littleEndian: boolean, words: number): Uint8Array {
  const writer = new GgufWriter(littleEndian).header(2, 3).pairText('general.architecture', 'llama').pairU32('llama.block_count', 1);
  writer.text('tokenizer.ggml.tokens').u32(9).u32(8).u64(words);
  for (let i = 0; i < words; i++) writer.text(`word${i}`);
  writer.tensor('a', [32, 3], 2, 0).tensor('b', [4], 0, 64);
  return writer.data(new Uint8Array(54)).data(new Uint8Array(16)).done();
}

test.each([true, false])('reads pairs and tensors, little-endian %s', (littleEndian) => {
  const bytes = model(littleEndian, 3);
  const file = parseGguf(bufferSource(bytes), budget());
  expect(file).toMatchObject({ version: 3, littleEndian, tensorCount: 2, pairCount: 3 });
  expect(file.pairs.map(({ value }) => value.text ?? value.number ?? value.elements)).toEqual(['llama', 1, { type: 'string', count: 3 }]);
  const layout = layOutGguf(file, bytes.length, 32);
  expect(layout.tensors.map(({ name, elements, bytes: length }) => [name, elements, length])).toEqual([
    ['a', 96, 54],
    ['b', 4, 16],
  ]);
  expect(layout).toMatchObject({ outside: [], misaligned: [], overlapping: [], holes: [] });
});

test('any mutation or truncation is read or refused with a CordonError', () => {
  for (const parse of [parseGguf, parseLegacyGgml]) {
    const valid = model(true, 3);
    if (parse === parseLegacyGgml) valid.set(Buffer.from('tjgg\x03\0\0\0\x01\0\0\0'));
    const mutation = fc.tuple(fc.nat(valid.length - 1), fc.constantFrom(0, 1, 9, 8, 127, 128, 255));
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 5 }), fc.integer({ min: 8, max: valid.length }), (mutations, length) => {
        const bytes = valid.slice(0, length);
        for (const [at, byte] of mutations) if (at >= 4 && at < bytes.length) bytes[at] = byte;
        try {
          const file = parse(bufferSource(bytes), budget());
          if ('pairs' in file) layOutGguf(file, bytes.length, 32);
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      }),
      { numRuns: 3000 },
    );
  }
});

test('skips a vocabulary of 250,000 words in well under a second', () => {
  const started = performance.now();
  const file = parseGguf(bufferSource(vocabulary(250_000)), budget());
  expect(file.pairs[0]?.value.elements).toEqual({ type: 'string', count: 250_000 });
  expect(performance.now() - started).toBeLessThan(2000);
});

/** One pair with `count` words of five bytes, written at once. */
function vocabulary(count: number): Uint8Array {
  const words = Buffer.alloc(count * 13);
  for (let i = 0; i < count; i++) words.writeBigUInt64LE(5n, i * 13);
  return new GgufWriter().header(0, 1).text('tokenizer.ggml.tokens').u32(9).u32(8).u64(count).raw(words).done();
}

test('sniffs both families, and no text', () => {
  const is = (signature: typeof gguf, bytes: Uint8Array): boolean => signature.matches(bytes, bufferSource(bytes));
  expect(is(gguf, model(true, 1))).toBe(true);
  expect(is(gguf, model(false, 1))).toBe(true);
  expect(is(gguf, Buffer.from('GGUF is a format'))).toBe(false);
  expect(is(ggml, Buffer.from('tjgg\x03\0\0\0'))).toBe(true);
  expect(is(ggml, Buffer.from('lmgg means'))).toBe(false);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { tensorContent } from './content.ts';
import { dtypeNamed } from './dtypes.ts';
import type { Tensor } from './values.ts';

const axis = fc.record({ size: fc.nat(5), stride: fc.nat(9) });

function collected(tensor: Tensor, content: Uint8Array): Buffer {
  // Copied piece by piece: a piece is valid only until the next one.
  return Buffer.concat([...mapped(tensorContent(tensor, bufferSource(content)))]);
}

function* mapped(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield piece.slice();
}

/** Element by element, as the definition of strides says. */
function naive({ dtype, offset, shape, stride }: Tensor, content: Uint8Array): Buffer {
  const elements: number[] = shape.reduce<number[]>(
    (starts, size, i) => starts.flatMap((start) => Array.from({ length: size }, (_, k) => start + k * (stride[i] as number))),
    [offset],
  );
  return Buffer.concat(elements.map((at) => content.subarray(at * dtype.bytes, (at + 1) * dtype.bytes)));
}

test('any view gives its elements in row-major order', () => {
  fc.assert(
    fc.property(
      fc.array(axis, { maxLength: 5 }),
      fc.nat(20),
      fc.constantFrom('uint8', 'float16', 'float32', 'float64'),
      (axes, offset, name) => {
        const dtype = dtypeNamed(name);
        if (dtype === undefined) throw new Error(name);
        const content = Uint8Array.from({ length: 300 * dtype.bytes }, (_, i) => (i * 131) % 251);
        const storage = { kind: 'storage', key: '0', dtype, bytes: content.length } as const;
        const shape = axes.map(({ size }) => size);
        const tensor: Tensor = { kind: 'tensor', dtype, storage, offset, shape, stride: axes.map(({ stride }) => stride) };
        expect(collected(tensor, content).equals(naive(tensor, content))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('a transposed tensor larger than a slab is put together from several', () => {
  const dtype = { name: 'U8', bytes: 1 };
  const [rows, columns] = [7_001, 6_007];
  const content = new Uint8Array(rows * columns);
  for (let i = 0; i < content.length; i++) content[i] = i % 253;
  const storage = { kind: 'storage', key: '0', dtype, bytes: content.length } as const;
  const tensor: Tensor = { kind: 'tensor', dtype, storage, offset: 0, shape: [columns, rows], stride: [1, columns] };
  const sizes: number[] = [];
  let at = 0;
  let wrong = 0;
  for (const piece of tensorContent(tensor, bufferSource(content))) {
    sizes.push(piece.length);
    for (const byte of piece) {
      const source = (at % rows) * columns + Math.floor(at / rows);
      if (byte !== source % 253) wrong++;
      at++;
    }
  }
  expect({ wrong, at }).toEqual({ wrong: 0, at: rows * columns });
  expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(sizes.length).toBeGreaterThan(1);
});

test('a storage that ends early is an error, never a short tensor', () => {
  const dtype = { name: 'F32', bytes: 4 };
  const storage = { kind: 'storage', key: '0', dtype, bytes: 16 } as const;
  const tensor = { kind: 'tensor', dtype, storage, offset: 0, shape: [2, 2] } as const;
  expect(() => collected({ ...tensor, stride: [2, 1] }, new Uint8Array(15))).toThrow(CordonError);
  expect(() => collected({ ...tensor, stride: [1, 2] }, new Uint8Array(15))).toThrow(CordonError);
});

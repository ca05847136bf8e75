import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ubjson } from '../../../test/makers/ubjson.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { walkUbjson } from './walk.ts';

const valid = ubjson({ a: 'text', b: [{ c: Int32Array.from([1, 2]) }, 'x'], d: {} });

function walk(bytes: Uint8Array): string[] {
  return [...walkUbjson(bufferSource(bytes), () => undefined)].map((event) => `${event.kind} ${event.depth}${event.key}`);
}

test('events come in order with their keys', () => {
  expect(walk(valid)).toEqual(['text 1a', 'numbers 3c', 'end 2b', 'text 2b', 'end 1b', 'end 1d', 'end 0']);
});

test('nesting without end is refused', () => {
  expect(() => walk(Buffer.from(`{i\x01a${'['.repeat(5_000)}`))).toThrow(CordonError);
});

test('a mutated document is walked or refused', () => {
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const mutated = Buffer.from(valid);
      mutated[at] = byte;
      try {
        walk(mutated.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Extension, pack } from '../../../test/makers/msgpack.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { msgpack } from './signature.ts';
import { walkMsgpack } from './walk.ts';

const valid = pack({ params: { w: new Extension(1, Buffer.from('abcd')), b: [1, Buffer.from('xy')] }, step: 7 });

function leaves(bytes: Uint8Array) {
  return [...walkMsgpack(bufferSource(bytes), () => undefined)];
}

function isMsgpack(bytes: Uint8Array): boolean {
  return msgpack.matches(bytes.subarray(0, 4096), bufferSource(bytes));
}

test('leaves carry their path and their place', () => {
  expect(leaves(valid).map(({ kind, type, path, length }) => ({ kind, type, path, length }))).toEqual([
    { kind: 'ext', type: 1, path: 'params/w', length: 4 },
    { kind: 'bin', type: 0, path: 'params/b/*', length: 2 },
  ]);
});

test('a payload larger than the file ends the walk', () => {
  expect(() => leaves(Buffer.from([0x81, 0xa1, 0x61, 0xc6, 0xff, 0xff, 0xff, 0xff, 0]))).toThrow(CordonError);
});

test('nesting without end ends the walk', () => {
  expect(() => leaves(Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), Buffer.alloc(5_000, 0x91)]))).toThrow(CordonError);
});

test('the signature takes documents, not text, not what is cut off, not what has more behind it', () => {
  expect(isMsgpack(valid)).toBe(true);
  expect(isMsgpack(valid.subarray(0, -1))).toBe(false);
  expect(isMsgpack(Buffer.concat([valid, Buffer.from('x')]))).toBe(false);
  expect(isMsgpack(Buffer.from('ordinary text'))).toBe(false);
});

test('random bytes are not taken for a document', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 400 }), (bytes) => !isMsgpack(Uint8Array.from([0x82, ...bytes]))),
    { numRuns: 2_000 },
  );
});

test('a mutated document is walked or refused', () => {
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const mutated = Buffer.from(valid);
      mutated[at] = byte;
      try {
        leaves(mutated.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
  );
});

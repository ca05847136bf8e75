import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeShard, makeXorb, type Scheme } from '../../../test/makers/xet.ts';
import { CordonError } from '../../core/errors.ts';
import { packChunks, unpackChunks } from './chunk-index.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { hashOfXorb } from './hash.ts';
import { readShard, type ShardFile } from './shard.ts';
import { XorbReader } from './xorb-reader.ts';

const CONTENT = randomBytes(400_000);
const SCHEMES: readonly Scheme[] = ['plain', 'lz4', 'grouped'];

function read(bytes: Uint8Array, pieces = 65_536) {
  const reader = new XorbReader();
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces));
  return reader.finish();
}

async function shardFiles(bytes: Uint8Array, pieces = 1_000): Promise<ShardFile[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
  }
  const files: ShardFile[] = [];
  for await (const file of readShard(source())) files.push(file);
  return files;
}

describe.each(SCHEMES)('xorb, %s', (scheme) => {
  const xorb = makeXorb(CONTENT, scheme);

  test.each([1_000, 65_536, 1 << 24])('is read whatever the pieces it comes in, of %i bytes', (pieces) => {
    const chunks = read(xorb.bytes, pieces);
    expect(hashOfXorb(chunks)).toBe(xorb.hash);
    expect(chunks.map(({ length }) => length)).toEqual(xorb.chunks.map(({ length }) => length));
    expect(unpackChunks(packChunks(chunks))).toEqual(chunks);
  });

  test('with one byte changed it is refused, or it is another xorb', () => {
    fc.assert(
      fc.property(fc.nat(xorb.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(xorb.bytes);
        bytes[at] = (bytes[at] as number) ^ change;
        const hash = refusedOr(() => hashOfXorb(read(bytes)));
        // A byte of a frame that says nothing about its content may change without harm.
        if (hash === xorb.hash) expect(scheme).not.toBe('plain');
      }),
      { numRuns: 200 },
    );
  });

  test('cut off it is refused, or ends with a chunk', () => {
    fc.assert(
      fc.property(fc.nat(xorb.bytes.length - 1), (length) => {
        expect(refusedOr(() => hashOfXorb(read(xorb.bytes.subarray(0, length))))).not.toBe(xorb.hash);
      }),
      { numRuns: 100 },
    );
  });
});

test('a chunk that declares more than the protocol has is refused before it is unpacked', () => {
  const header = Buffer.from([0, 100, 0, 0, 1, 0, 0, 0, ...Buffer.alloc(100)]);
  header.writeUIntLE(CHUNK_BYTES + 1, 5, 3);
  expect(() => read(header)).toThrow(CordonError);
});

test('any bytes are a xorb or are refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusedOr(() => read(bytes))));
});

describe('shard', () => {
  const xorb = makeXorb(CONTENT);
  const sha256 = 'ab'.repeat(32);
  const shard = makeShard([
    { sha256, terms: [{ xorb, start: 0, end: 2 }] },
    { sha256: undefined, terms: [] },
  ]);

  test.each([7, 48, 1_000, 1 << 20])('is read whatever the pieces it comes in, of %i bytes', async (pieces) => {
    const [file, empty] = await shardFiles(shard, pieces);
    expect(file).toMatchObject({ sha256, terms: [{ xorb: xorb.hash, start: 0, end: 2 }] });
    expect(empty).toMatchObject({ sha256: undefined, terms: [], hash: '0'.repeat(64) });
  });

  test('changed or cut off it is refused or says something else, and never more than its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(shard.length - 1), fc.nat(255), fc.nat(shard.length), async (at, value, length) => {
        const bytes = Buffer.from(shard.subarray(0, length));
        if (at < length) bytes[at] = value;
        try {
          const files = await shardFiles(bytes);
          const terms = files.reduce((sum, file) => sum + file.terms.length, 0);
          expect(terms * 48).toBeLessThan(shard.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function refusedOr<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(CordonError);
    return undefined;
  }
}

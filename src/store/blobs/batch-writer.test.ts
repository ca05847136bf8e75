import { createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchWriter } from './batch-writer.ts';

/** A file that takes as many bytes at a time as it likes, and is full at some point. */
function fickleFile(limit: number, seed: number): { handle: FileHandle; content: Buffer; written: () => number } {
  const content = Buffer.alloc(limit);
  let written = 0;
  let state = seed;
  const writev = async (chunks: Uint8Array[], position: number) => {
    const bytes = Buffer.concat(chunks);
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const room = Math.min(bytes.length, limit - position, 1 + (state % 700_000));
    if (room <= 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    bytes.copy(content, position, 0, room);
    written = Math.max(written, position + room);
    return { bytesWritten: room };
  };
  return { handle: { writev } as unknown as FileHandle, content, written: () => written };
}

test('whatever the pieces and however short the writes, the file has all bytes in order', async () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 1_500_000 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (lengths, seed) => {
      const bytes = randomBytes(lengths.reduce((sum, length) => sum + length, 0));
      const file = fickleFile(bytes.length, seed);
      const hash = createHash('sha256');
      const writer = new BatchWriter(file.handle, hash, 0);
      let at = 0;
      for (const length of lengths) await writer.add(bytes.subarray(at, (at += length)));
      await writer.flush();
      expect(writer.end).toBe(bytes.length);
      expect(file.content.equals(bytes)).toBe(true);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
    { numRuns: 40 },
  );
});

test('a full disk is reported by the next call that waits, and what was written is a prefix', async () => {
  const bytes = randomBytes(3_000_000);
  const file = fickleFile(1_700_000, 7);
  const writer = new BatchWriter(file.handle, createHash('sha256'), 0);
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at += 65_536) await writer.add(bytes.subarray(at, at + 65_536));
    await writer.flush();
  })();
  await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(file.written()).toBe(1_700_000);
  expect(file.content.equals(bytes.subarray(0, 1_700_000))).toBe(true);
});

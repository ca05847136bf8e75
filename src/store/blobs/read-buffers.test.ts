import { expect, test } from 'vitest';
import { giveBack, takeBuffer } from './read-buffers.ts';

test('a buffer is lent to one reader at a time, however often it is given back', () => {
  const first = takeBuffer();
  giveBack(first.subarray(0, 10));
  giveBack(first);
  giveBack(first.subarray(5));
  const lent = [takeBuffer(), takeBuffer(), takeBuffer()];
  expect(new Set(lent.map(({ buffer }) => buffer)).size).toBe(3);
  lent.forEach(giveBack);
});

test('what was never lent is not taken', () => {
  const own = Buffer.alloc(1 << 18);
  giveBack(own);
  for (let count = 0; count < 100; count++) expect(takeBuffer().buffer).not.toBe(own.buffer);
});

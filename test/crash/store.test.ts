import { expect, test } from 'vitest';
import { killLoop } from './store/kill-loop.ts';

test('a store whose processes are killed at any moment loses nothing it acknowledged', { timeout: 120_000 }, async () => {
  const { kills, committed, wrong } = await killLoop({ kills: 16 });
  expect(wrong).toEqual([]);
  expect(kills).toBe(16);
  expect(committed).toBeGreaterThan(0);
});

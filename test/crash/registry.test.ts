import { expect, test } from 'vitest';
import { killLoop } from './registry/kill-loop.ts';

test(
  'a server that is killed at any moment loses nothing it acknowledged and serves nothing that was not admitted',
  { timeout: 180_000 },
  async () => {
    const { kills, commits, wrong } = await killLoop(6);
    expect(wrong).toEqual([]);
    expect(kills).toBe(6);
    expect(commits).toBeGreaterThan(0);
  },
);

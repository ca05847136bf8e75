import { expect, test } from 'vitest';
import { killLoop } from './gateway-audit/kill-loop.ts';

test(
  'a gateway whose workers are killed at any moment loses no record it acknowledged, and counts none twice',
  { timeout: 180_000 },
  async () => {
    const { kills, kept, wrong } = await killLoop(10);
    expect(wrong).toEqual([]);
    expect(kills).toBe(10);
    expect(kept).toBeGreaterThan(0);
  },
);

import { expect, test, vi } from 'vitest';
import { HOSTILE, ORDINARY } from '../../../benchmarks/guard-texts.ts';
import { createGuard } from './guard.ts';

const guard = createGuard();
const FAMILIES = Object.entries({ ...ORDINARY, ...HOSTILE });

/** How often a check tries a regular expression: what made texts of near misses take seconds. */
function expressionsTried(text: string, channel: 'user' | 'document'): number {
  const exec = vi.spyOn(RegExp.prototype, 'exec');
  try {
    guard.check({ text, channel });
    return exec.mock.calls.length;
  } finally {
    exec.mockRestore();
  }
}

test.each(FAMILIES)('%s: twice the text tries about twice as many expressions, and not many', (_name, make) => {
  for (const channel of ['user', 'document'] as const) {
    const [once, twice] = [10_000, 20_000].map((length) => expressionsTried(make(length), channel)) as [number, number];
    expect(twice).toBeLessThan(once * 2.6 + 2_000);
    expect(twice).toBeLessThan(20_000 * 8);
  }
});

// Generous: a tenth of this is usual. What it would catch is time that grows with the square of the length.
test.each(FAMILIES)('%s: a hundred thousand characters take no seconds', (_name, make) => {
  const text = make(100_000);
  const before = process.cpuUsage();
  const { failures } = guard.check({ text, channel: 'user' });
  const { user } = process.cpuUsage(before);
  expect(failures).toEqual([]);
  expect(user / 1e6).toBeLessThan(3);
});

import { expect, test } from 'vitest';
import { killSpenders } from './limits/kill-loop.ts';

test('processes that are killed while they spend one budget never spend more', { timeout: 120_000 }, async () => {
  const report = await killSpenders({ kills: 6, usd: 0.02 });
  expect(report.spent).toBeLessThanOrEqual(report.budget);
  expect(report.calls).toBeGreaterThan(10);
});

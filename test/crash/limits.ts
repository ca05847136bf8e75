/** `npx tsx test/crash/limits.ts [--kills 100] [--usd 0.5]`: kills processes that spend one budget and adds up what they spent. */
import { parseArgs } from 'node:util';
import { killSpenders } from './limits/kill-loop.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' }, usd: { type: 'string', default: '0.5' } } });
const report = await killSpenders({ kills: Number(values.kills), usd: Number(values.usd) });
console.log(`${report.kills} kills, ${report.calls} calls, ${report.spent} of ${report.budget} micro-dollars spent`);
if (report.spent > report.budget) {
  console.error('FAILED: more than the budget');
  process.exitCode = 1;
}

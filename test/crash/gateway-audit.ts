/** `npx tsx test/crash/gateway-audit.ts [--kills 200]`: kills workers that accept records of the gateway, and looks for what was lost. */
import { parseArgs } from 'node:util';
import { killLoop } from './gateway-audit/kill-loop.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const started = performance.now();
const report = await killLoop(
  Number(values.kills),
  (kills, kept) => void (kills % 20 === 0 && console.log(`${kills} kills, ${kept} acknowledged records`)),
);
console.log(
  `${report.kills} kills, ${report.kept} acknowledged records, ${report.stored} stored, ${Math.round((performance.now() - started) / 1000)} s`,
);
for (const line of report.wrong) console.error(line);
console.log(report.wrong.length === 0 ? 'nothing lost, nothing doubled, everything verifies' : 'FAILED');
process.exitCode = report.wrong.length === 0 ? 0 : 1;

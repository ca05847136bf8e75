/** `npx tsx test/crash/store.ts [--kills 500] [--database postgres://...]`: kills processes at work and looks for what was lost. */
import { parseArgs } from 'node:util';
import { killLoop } from './store/kill-loop.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '500' }, database: { type: 'string' } } });
const started = performance.now();
const report = await killLoop({
  kills: Number(values.kills),
  ...(values.database === undefined ? {} : { database: values.database }),
  onRound: (kills, committed) => void (kills % 50 === 0 && console.log(`${kills} kills, ${committed} acknowledged commits`)),
});
console.log(`${report.kills} kills, ${report.committed} acknowledged commits, ${Math.round((performance.now() - started) / 1000)} s`);
for (const line of report.wrong) console.error(line);
console.log(report.wrong.length === 0 ? 'nothing lost, nothing dangling, nothing wrong served' : 'FAILED');
process.exitCode = report.wrong.length === 0 ? 0 : 1;

/** `npx tsx test/crash/registry.ts [--kills 300] [--database postgres://...]`: kills whole servers at work and looks for what was lost. */
import { parseArgs } from 'node:util';
import { killLoop } from './registry/kill-loop.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, database: { type: 'string' } } });
const started = performance.now();
const told = ({ kills, commits, versions, promotions }: Awaited<ReturnType<typeof killLoop>>): string =>
  `${kills} kills, acknowledged: ${commits} commits, ${versions} versions, ${promotions} promotions`;
const report = await killLoop(Number(values.kills), {
  ...(values.database === undefined ? {} : { database: values.database }),
  onRound: (one) => void (one.kills % 20 === 0 && console.log(told(one))),
});
console.log(`${told(report)}, ${Math.round((performance.now() - started) / 1000)} s`);
for (const line of report.wrong) console.error(line);
console.log(report.wrong.length === 0 ? 'nothing lost, nothing dangling, nothing served that was not admitted' : 'FAILED');
process.exitCode = report.wrong.length === 0 ? 0 : 1;

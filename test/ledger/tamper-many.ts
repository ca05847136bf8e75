import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLedger } from '../../src/evidence/ledger/export.ts';
import { openStore } from '../../src/store/open-store.ts';
import { fill, makeLedger } from './make-ledger.ts';
import { listExport, seeded, tamperDatabase, tamperExport, type Trial } from './tamper.ts';

/**
 * Changes single bytes of exports and single rows of databases, and counts which changes the verification finds and locates.
 *
 * Run: npx tsx test/ledger/tamper-many.ts [--trials 10000] [--seed 1]
 */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1] ?? fallback;
const trials = Number(option('trials', '10000'));
const random = seeded(Number(option('seed', '1')));
const counts = { trials: 0, detected: 0, located: 0 };

while (counts.trials < trials) {
  // A ledger of another shape for every thousand trials.
  const folder = await mkdtemp(join(tmpdir(), 'cordon-tamper-'));
  const store = await openStore({ database: ':memory:' });
  const { ledger } = await makeLedger(store, join(folder, 'checkpoint'));
  await fill(
    store,
    ledger,
    Array.from({ length: 2 + random(4) }, () => 1 + random(250)),
  );
  const target = join(folder, 'export');
  await exportLedger(store, target);
  const files = await listExport(target);
  for (let index = 0; index < 500 && counts.trials < trials; index++) {
    count(await tamperExport(target, files, random));
    count(await tamperDatabase(store, random));
  }
  await store.close();
  await rm(folder, { recursive: true });
}
console.log(`${counts.trials} changes: ${counts.detected} detected, ${counts.located} located`);
process.exitCode = counts.located === counts.trials ? 0 : 1;

function count(trial: Trial): void {
  counts.trials++;
  if (trial.problem !== null) counts.detected++;
  if (trial.located) counts.located++;
  else console.log(JSON.stringify(trial));
}

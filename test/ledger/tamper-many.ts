import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLedger } from '../../src/evidence/ledger/export.ts';
import { openStore } from '../../src/store/open-store.ts';
import { fill, makeLedger } from './make-ledger.ts';
import { makeRegistry } from './make-registry.ts';
import { listExport, seeded, tamperDatabase, tamperExport } from './tamper.ts';
import { tamperBlob, tamperRow } from './tamper-registry.ts';

/**
 * Changes single bytes of exports and stored files and single rows of databases, and counts which changes the verifications find and
 * locate: so many of the ledger, and so many of the registry.
 *
 * Run: npx tsx test/ledger/tamper-many.ts [--trials 10000] [--seed 1] [--only ledger|registry]
 */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1] ?? fallback;
const trials = Number(option('trials', '10000'));
const random = seeded(Number(option('seed', '1')));

const only = option('only', '');
let counts = { trials: 0, detected: 0, located: 0 };
let failed = false;
if (only !== 'registry') await tamperLedgers();
if (only !== 'ledger') await tamperRegistries();
process.exitCode = failed ? 1 : 0;

async function tamperLedgers(): Promise<void> {
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
  tell('the ledger');
}

async function tamperRegistries(): Promise<void> {
  while (counts.trials < trials) {
    const registry = await makeRegistry(1 + random(3));
    for (let index = 0; index < 1_000 && counts.trials < trials; index++) {
      const { change, problems, located } = random(4) === 0 ? await tamperBlob(registry, random) : await tamperRow(registry, random);
      count({ change, problem: problems[0] ?? null, located });
    }
    await registry.close();
  }
  tell('the registry');
}

function tell(what: string): void {
  console.log(`${counts.trials} changes of ${what}: ${counts.detected} detected, ${counts.located} located`);
  failed ||= counts.located !== counts.trials;
  counts = { trials: 0, detected: 0, located: 0 };
}

function count(trial: { readonly change: string; readonly problem: object | null; readonly located: boolean }): void {
  counts.trials++;
  if (trial.problem !== null) counts.detected++;
  if (trial.located) counts.located++;
  else console.log(JSON.stringify(trial));
}

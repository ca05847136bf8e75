import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendEntries, appendEntry } from '../src/evidence/ledger/append.ts';
import { exportLedger } from '../src/evidence/ledger/export.ts';
import { openLedger } from '../src/evidence/ledger/ledger.ts';
import { noteSigner } from '../src/evidence/ledger/note/signer.ts';
import { consistencyProof, inclusionProof, ledgerSize } from '../src/evidence/ledger/read.ts';
import { verifyLedger } from '../src/evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../src/evidence/ledger/verify/verify-export.ts';
import { authenticate } from '../src/identity/authenticate.ts';
import { createFirstAdmin } from '../src/identity/first-admin.ts';
import { openIdentity } from '../src/identity/identity.ts';
import { openStore } from '../src/store/open-store.ts';
import { row } from './measure.ts';

/**
 * Speed of the ledger and of authentication, in one process.
 *
 * Run: npx tsx benchmarks/ledger.ts [--entries 200000] [--database postgres://...]
 */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1] ?? fallback;
const entries = Number(option('entries', '200000'));
const folder = await mkdtemp(join(tmpdir(), 'cordon-ledger-'));
const store = await openStore({ database: option('database', join(folder, 'cordon.db')) });
const signer = noteSigner('example.com/ledger', Buffer.alloc(32, 1));
const ledger = await openLedger({ store, signer, checkpointFile: join(folder, 'checkpoint'), everySeconds: 3600, everyEntries: 1e9 });
const entry = (index: number): { kind: string; body: object } => ({
  kind: 'pull.served',
  body: { index, principal: 'alice', repository: 'acme/bert', revision: 'a'.repeat(40), client: 'hf huggingface_hub/1.33.0' },
});

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, ${store.dialect}\n`);
console.log(row('what', 'number', 'per second', 'per CPU second', 'peak MiB'));
console.log(row('---', '---', '---', '---', '---'));

async function measure(what: string, number: number, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const perCpu = Math.round((number / (user + system)) * 1e6).toLocaleString('en');
  console.log(
    row(
      what,
      String(number),
      Math.round(number / seconds).toLocaleString('en'),
      perCpu,
      String(Math.round(process.resourceUsage().maxRSS / 1024)),
    ),
  );
}

const singles = Math.min(2000, entries);
await measure('append, a transaction each', singles, async () => {
  for (let index = 0; index < singles; index++) await store.transaction((tx) => appendEntry(tx, entry(index)));
});
await measure('append, 1,000 in a transaction', entries, async () => {
  for (let index = 0; index < entries; index += 1000) {
    await store.transaction((tx) =>
      appendEntries(
        tx,
        Array.from({ length: 1000 }, (_, at) => entry(index + at)),
      ),
    );
  }
});
await measure('checkpoint', 1, () => ledger.checkpoint());
const size = await ledgerSize(store.db);
await measure('inclusion proof', 1000, async () => {
  for (let index = 0; index < 1000; index++) await inclusionProof(store.db, (index * 7919) % size, size);
});
await measure('consistency proof', 1000, async () => {
  for (let index = 0; index < 1000; index++) await consistencyProof(store.db, 1 + ((index * 7919) % size), size);
});
const trust = { keys: [signer.verifier.text] };
await measure('verify the database', size, () => verifyLedger(store, trust));
await measure('export', size, () => exportLedger(store, join(folder, 'export')));
await measure('verify the export', size, async () => {
  if (!(await verifyLedgerExport(join(folder, 'export'), trust)).ok) throw new Error('the export does not verify');
});

const identity = openIdentity({ store, record: appendEntry });
const admin = await createFirstAdmin(identity);
if (admin !== undefined) {
  await measure('authenticate a token', 20_000, async () => {
    for (let index = 0; index < 20_000; index++) await authenticate(identity, { kind: 'bearer', token: admin.secret });
  });
}
await identity.close();
await ledger.close();
await store.close();
await rm(folder, { recursive: true });

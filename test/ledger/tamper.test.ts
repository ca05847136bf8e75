import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportLedger } from '../../src/evidence/ledger/export.ts';
import { openStore } from '../../src/store/open-store.ts';
import { fill, makeLedger } from './make-ledger.ts';
import { listExport, seeded, tamperDatabase, tamperExport } from './tamper.ts';

test('changed bytes of an export and changed rows are found, each where it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-tamper-'));
  const store = await openStore({ database: ':memory:' });
  const { ledger } = await makeLedger(store);
  await fill(store, ledger, [20, 300, 1, 41]);
  const target = join(folder, 'export');
  await exportLedger(store, target);
  const files = await listExport(target);
  const random = seeded(2026);
  for (let index = 0; index < 200; index++) {
    const byte = await tamperExport(target, files, random);
    expect(byte, JSON.stringify(byte)).toMatchObject({ located: true });
    const row = await tamperDatabase(store, random);
    expect(row, JSON.stringify(row)).toMatchObject({ located: true });
  }
  await store.close();
  await rm(folder, { recursive: true });
});

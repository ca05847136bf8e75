import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GatewayAuditConfig } from '../../src/core/gateway-audit-config.ts';
import { SILENT } from '../../src/core/logger.ts';
import { openAudit } from '../../src/engine/gateway/audit/open-audit.ts';
import { exampleRecord } from '../../src/engine/gateway/audit/testing.ts';
import { exportLedger } from '../../src/evidence/ledger/export.ts';
import type { Ledger } from '../../src/evidence/ledger/ledger.ts';
import { proveRecord, verifyRecord } from '../../src/evidence/ledger/records/prove-record.ts';
import { ledgerSize, rootAt } from '../../src/evidence/ledger/read.ts';
import { verifyLedger } from '../../src/evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../../src/evidence/ledger/verify/verify-export.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { makeLedger, TRUST } from './make-ledger.ts';

const DAY = 86_400_000;
const secrets = { get: async () => Buffer.alloc(32, 1).toString('base64'), watch: () => () => undefined };
let folder: string;
let store: Store;
let ledger: Ledger;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-records-'));
  store = await openStore({ database: join(folder, 'cordon.db') });
  ({ ledger } = await makeLedger(store));
  now = Date.UTC(2026, 10, 21);
});
afterEach(async () => {
  await ledger.close().catch(() => undefined);
  await store.close();
  await rm(folder, { recursive: true });
});

/** Three batches, the second one with contents, one a day. */
async function fill(): Promise<void> {
  for (const [count, content] of [
    [5, 'none'],
    [7, 'redacted'],
    [1, 'none'],
  ] as const) {
    const config = GatewayAuditConfig.parse({ content, key: 'env:KEY', recordDays: 2 });
    const audit = await openAudit({ config, store, folder, secrets, log: SILENT, now: () => now });
    await Promise.all(
      Array.from({ length: count }, () => audit.append(exampleRecord({ at: now }), { request: 'what was asked', response: 'an answer' })),
    );
    await audit.close();
    await ledger.checkpoint();
    now += DAY;
  }
}

async function expire(): Promise<void> {
  const config = GatewayAuditConfig.parse({ recordDays: 2 });
  const audit = await openAudit({ config, store, folder, secrets, log: SILENT, now: () => now });
  await audit.expire();
  await audit.close();
  await ledger.checkpoint();
}

test('records are verified with the ledger, in the database and in an export', async () => {
  await fill();
  expect(await verifyLedger(store, TRUST)).toMatchObject({ ok: true, records: 13, problem: null });
  await exportLedger(store, join(folder, 'export'));
  expect(await verifyLedgerExport(join(folder, 'export'), TRUST)).toMatchObject({ ok: true, records: 13, problem: null });
});

test('each record is proved alone', async () => {
  await fill();
  const size = await ledgerSize(store.db);
  const root = await rootAt(store.db, size);
  for (const { id } of await store.db.selectFrom('gateway_exchange').select('id').execute()) {
    const proof = (await proveRecord(store.db, id, size))!;
    expect(verifyRecord(proof, root)).toBe(true);
    expect(verifyRecord({ ...proof, record: proof.record.replace('"status":200', '"status":201') }, root)).toBe(false);
    expect(verifyRecord({ ...proof, entry: proof.entry.replace('"count":', '"count": ') }, root)).toBe(false);
  }
  expect(await proveRecord(store.db, 'nobody', size)).toBeUndefined();
});

test('every changed, missing and added record is found and named', async () => {
  await fill();
  const rows = await store.db.selectFrom('gateway_exchange').selectAll().orderBy('id').execute();
  const batches = await store.db.selectFrom('gateway_batch').selectAll().orderBy('position').execute();
  const positions = new Map(batches.map(({ id, position }) => [id, position]));
  const problem = async (): Promise<string | undefined> => (await verifyLedger(store, TRUST)).problem?.name;
  for (const row of rows) {
    const name = `record ${row.number} of entry ${positions.get(row.batch)}`;
    const here = (): ReturnType<typeof where> => where(row);
    await here()
      .set({ body: row.body.replace('"status":200', '"status":201') })
      .execute();
    expect(await problem()).toBe(name);
    await here().set({ body: row.body, principal: 'somebody else' }).execute();
    expect(await problem()).toBe(name);
    await here().set({ principal: row.principal, outcome: 'blocked' }).execute();
    expect(await problem()).toBe(name);
    await here().set({ outcome: row.outcome }).execute();
    await store.db.deleteFrom('gateway_exchange').where('id', '=', row.id).execute();
    expect(await problem()).toBe(name);
    await store.db.insertInto('gateway_exchange').values(row).execute();
  }
  expect(await problem()).toBeUndefined();
  const [first] = rows;
  await store.db
    .insertInto('gateway_exchange')
    .values({ ...first!, number: 5, id: 'added' })
    .execute();
  expect(await problem()).toBe(`record 5 of entry ${positions.get(first!.batch)}`);
  await store.db.updateTable('gateway_exchange').set({ batch: 'none' }).where('id', '=', 'added').execute();
  expect(await problem()).toMatch('records of entry');
  await store.db.deleteFrom('gateway_exchange').where('id', '=', 'added').execute();
  const contents = await store.db.selectFrom('gateway_content').selectAll().orderBy('id').execute();
  expect(contents).toHaveLength(7);
  for (const [number, { id, sealed }] of contents.entries()) {
    const changed = Buffer.from(sealed);
    changed[number * 3]! ^= 1;
    await store.db.updateTable('gateway_content').set({ sealed: changed }).where('id', '=', id).execute();
    expect(await problem()).toBe(`record ${number} of entry ${batches[1]!.position}`);
    await store.db.deleteFrom('gateway_content').where('id', '=', id).execute();
    expect(await problem()).toBe(`record ${number} of entry ${batches[1]!.position}`);
    await store.db.insertInto('gateway_content').values(contents[number]!).execute();
  }
  expect(await problem()).toBeUndefined();
});

function where(row: { readonly batch: string; readonly number: number }) {
  return store.db.updateTable('gateway_exchange').where('batch', '=', row.batch).where('number', '=', row.number);
}

test('every changed byte of the records of an export is found', async () => {
  await fill();
  await exportLedger(store, join(folder, 'export'));
  const file = join(folder, 'export', 'records', '000');
  const bytes = await readFile(file);
  const lines = bytes.toString('latin1').split('\n');
  const names = lines.slice(0, -1).map((line) => {
    const { entry, number } = JSON.parse(line) as { entry: number; number: number };
    return `record ${number} of entry ${entry}`;
  });
  for (let at = 0; at < bytes.length; at += 97) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1 + (at % 200);
    await writeFile(file, changed);
    const { problem } = await verifyLedgerExport(join(folder, 'export'), TRUST);
    const line = bytes.subarray(0, at).toString('latin1').split('\n').length - 1;
    expect([names[line], 'records/000']).toContain(problem?.name);
  }
  await writeFile(file, lines.slice(0, -2).join('\n') + '\n');
  expect((await verifyLedgerExport(join(folder, 'export'), TRUST)).problem?.kind).toBe('record');
  await rm(file);
  expect((await verifyLedgerExport(join(folder, 'export'), TRUST)).problem?.kind).toBe('record');
  await writeFile(file, bytes);
  await writeFile(join(folder, 'export', 'records', '001'), '');
  expect((await verifyLedgerExport(join(folder, 'export'), TRUST)).problem?.name).toBe('records/001');
});

test('records whose time is over are gone and the rest still verifies; removed before their time they are missed', async () => {
  await fill();
  await expire();
  expect(await verifyLedger(store, TRUST)).toMatchObject({ ok: true, records: 8 });
  await exportLedger(store, join(folder, 'export'));
  expect(await verifyLedgerExport(join(folder, 'export'), TRUST)).toMatchObject({ ok: true, records: 8 });
  const [next] = await store.db.selectFrom('gateway_batch').selectAll().orderBy('position').execute();
  await sql`delete from gateway_exchange where batch = ${next!.id}`.execute(store.db);
  await sql`delete from gateway_batch where id = ${next!.id}`.execute(store.db);
  expect((await verifyLedger(store, TRUST)).problem).toMatchObject({ kind: 'record', position: next!.position });
});

test('a destroyed key is in no file any more', async () => {
  const key = 'env:KEY';
  const config = GatewayAuditConfig.parse({ content: 'redacted', key, contentDays: 1 });
  const audit = await openAudit({ config, store, folder, secrets, log: SILENT, now: () => now });
  await audit.append(exampleRecord({ at: now }), { request: 'what was asked', response: 'an answer' });
  await audit.flush();
  const { wrapped } = await store.db.selectFrom('gateway_content_key').select('wrapped').executeTakeFirstOrThrow();
  const filesWith = async (text: string): Promise<readonly string[]> => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => /(?:cordon\.db[-a-z]*|\.journal)$/.test(name));
    const found = await Promise.all(names.map(async (name) => ((await readFile(join(folder, name))).includes(text) ? [name] : [])));
    return found.flat();
  };
  expect(await filesWith(wrapped)).toEqual(expect.arrayContaining([expect.stringMatching('cordon.db'), expect.stringMatching('journal')]));
  now += 3 * DAY;
  await audit.expire();
  expect(await filesWith(wrapped)).toEqual([]);
  await audit.close();
});

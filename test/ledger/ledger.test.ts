import { generateKeyPairSync, sign } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendEntries, appendEntry } from '../../src/evidence/ledger/append.ts';
import { addCosignatures } from '../../src/evidence/ledger/cosign.ts';
import { entryHash } from '../../src/evidence/ledger/entry.ts';
import { exportLedger } from '../../src/evidence/ledger/export.ts';
import { openLedger } from '../../src/evidence/ledger/ledger.ts';
import { verifyConsistency, verifyInclusion } from '../../src/evidence/ledger/merkle/verify-proof.ts';
import { cosignedMessage, formatNote } from '../../src/evidence/ledger/note/note.ts';
import { noteSigner } from '../../src/evidence/ledger/note/signer.ts';
import { COSIGNATURE, verifierKey } from '../../src/evidence/ledger/note/verifier-key.ts';
import { consistencyProof, inclusionProof, ledgerSize, rootAt } from '../../src/evidence/ledger/read.ts';
import { parseTilePath, tilePath } from '../../src/evidence/ledger/tiles/paths.ts';
import { readTile } from '../../src/evidence/ledger/tiles/read-tile.ts';
import { verifyLedger } from '../../src/evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../../src/evidence/ledger/verify/verify-export.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { type Database, DATABASES } from '../store/databases.ts';
import { fill, makeLedger, SIGNER, TRUST } from './make-ledger.ts';

describe.each(DATABASES.filter(({ name }) => name !== 'SQLite in memory'))('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  let folder: string;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
    folder = await mkdtemp(join(tmpdir(), 'cordon-ledger-'));
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
    await rm(folder, { recursive: true });
  });

  test('entries stand in order without gaps, also when appended at once and when acts fail', async () => {
    const act = async (index: number): Promise<void> => {
      await store.transaction(async (tx) => {
        await appendEntry(tx, { kind: 'test.act', body: { index } });
        if (index % 5 === 0) throw new Error('the act fails');
      });
    };
    const results = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => act(index)));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(12);
    const rows = await store.db.selectFrom('ledger').selectAll().orderBy('position').execute();
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 48 }, (_, index) => index));
    const verified = await verifyLedger(store, TRUST);
    expect(verified).toMatchObject({ ok: true, entries: 48, signed: 0, problem: null });
  });

  test('every proof verifies against the root of its size', async () => {
    const { ledger } = await makeLedger(store);
    await fill(store, ledger, [36]);
    const rows = await store.db.selectFrom('ledger').selectAll().orderBy('position').execute();
    for (let size = 1; size <= rows.length; size++) {
      const root = await rootAt(store.db, size);
      const position = (size * 7) % size;
      const leaf = entryHash(rows[position]!);
      expect(verifyInclusion({ leaf, position, size, root }, await inclusionProof(store.db, position, size))).toBe(true);
      const first = 1 + ((size * 11) % size);
      const older = { size: first, root: await rootAt(store.db, first) };
      expect(verifyConsistency(older, { size, root }, await consistencyProof(store.db, first, size))).toBe(true);
    }
  });

  test('exports verify, and hold every entry', async () => {
    const { ledger } = await makeLedger(store);
    await fill(store, ledger, [3, 252, 1, 700, 110]);
    await fill(store, ledger, []);
    const target = join(folder, 'export');
    const exported = await exportLedger(store, target);
    const size = await ledgerSize(store.db);
    expect(exported).toMatchObject({ entries: size, checkpoints: 5 });
    const expected = {
      ok: true,
      entries: size,
      checkpoints: 5,
      records: 0,
      signed: size,
      witnesses: {},
      unknownSignatures: 0,
      problem: null,
    };
    expect(await verifyLedgerExport(target, TRUST)).toEqual(expected);
    expect(await verifyLedger(store, TRUST)).toEqual(expected);
    const kept = await store.db.selectFrom('checkpoint').select('note').orderBy('size').offset(2).limit(1).executeTakeFirstOrThrow();
    expect(await verifyLedgerExport(target, { ...TRUST, known: kept.note })).toEqual(expected);
    expect(
      (await verifyLedgerExport(target, { keys: [noteSigner('example.com/ledger', Buffer.alloc(32, 6)).verifier.text] })).problem?.message,
    ).toContain('not signed by the key');
    await expect(exportLedger(store, target)).rejects.toThrow('not empty');
    expect(await readTile(store.db, parseTilePath('tile/0/000')!)).toEqual(await readFile(join(target, 'tile/0/000')));
  });

  test('a checkpoint that was kept notices an export that was cut off', async () => {
    const { ledger } = await makeLedger(store);
    await fill(store, ledger, [300]);
    const target = join(folder, 'export');
    await exportLedger(store, target);
    await fill(store, ledger, [20]);
    const known = formatNote(ledger.newest!.note);
    expect((await verifyLedgerExport(target, { ...TRUST, known })).problem).toMatchObject({ kind: 'entry', position: 301 });
  });

  test('witnesses', async () => {
    const { ledger } = await makeLedger(store);
    await fill(store, ledger, [5]);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const witness = verifierKey('witness.example/w', COSIGNATURE, Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
    const { body } = ledger.newest!.note;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_800_000_000n);
    const bytes = Buffer.concat([time, sign(null, cosignedMessage(body, 1_800_000_000n), privateKey)]);
    const note = formatNote({ body, signatures: [{ name: witness.name, keyId: witness.id, bytes }] });
    expect(await addCosignatures(store, note, [witness])).toBe(1);
    expect(await addCosignatures(store, note, [witness])).toBe(0);
    await expect(addCosignatures(store, note, [])).rejects.toThrow('no configured witness');
    const wrong = Buffer.from(bytes);
    wrong[20]! ^= 1;
    const forged = formatNote({ body, signatures: [{ name: witness.name, keyId: witness.id, bytes: wrong }] });
    await expect(addCosignatures(store, forged, [witness])).rejects.toThrow('is wrong');
    expect((await verifyLedger(store, { ...TRUST, witnesses: [witness.text] })).witnesses).toEqual({ 'witness.example/w': 1 });
    expect((await verifyLedger(store, TRUST)).problem).toMatchObject({ kind: 'checkpoint', name: 'checkpoint 6' });
    expect(await verifyLedger(store, { keys: TRUST.keys })).toMatchObject({ ok: true, unknownSignatures: 1 });
    await fill(store, ledger, [5]);
    await exportLedger(store, join(folder, 'export'));
    expect(await verifyLedgerExport(join(folder, 'export'), { ...TRUST, witnesses: [witness.text] })).toMatchObject({
      ok: true,
      checkpoints: 2,
    });
  });

  test('nothing new, nothing signed', async () => {
    const { ledger } = await makeLedger(store);
    expect(await ledger.checkpoint()).toBeUndefined();
    await fill(store, ledger, [2]);
    expect(await ledger.checkpoint()).toBeUndefined();
    await ledger.close();
    expect(await ledgerSize(store.db)).toBe(3);
  });

  test('checkpoints are made by themselves, and at the end', async () => {
    const file = join(folder, 'checkpoint');
    const ledger = await openLedger({ store, signer: SIGNER, checkpointFile: file, everyEntries: 10 });
    for (let index = 0; index < 10; index++) await store.transaction((tx) => appendEntry(tx, { kind: 'test.act', body: { index } }));
    const deadline = Date.now() + 10_000;
    while (ledger.newest === undefined && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ledger.newest?.size).toBe(11);
    await store.transaction((tx) => appendEntry(tx, { kind: 'test.act', body: {} }));
    await ledger.close();
    expect(await readFile(file, 'utf8')).toContain('example.com/ledger\n13\n');
  });

  test('entries that are no entries are refused', async () => {
    const append = (kind: string, body: object, at?: number): Promise<unknown> =>
      store.transaction((tx) => appendEntry(tx, { kind, body, ...(at === undefined ? {} : { at }) }));
    await expect(append('Wrong Kind', {})).rejects.toThrow('not a kind');
    await expect(append('test.act', { text: 'x'.repeat(70_000) })).rejects.toThrow('at most 65535');
    await expect(append('test.act', {}, 1.5)).rejects.toThrow('whole number');
    await append('test.act', { text: 'a\u0000b\ud800', b: undefined, n: Number.NaN });
    expect((await verifyLedger(store, TRUST)).ok).toBe(true);
  });
});

test('a database that was rolled back is noticed at the start, and nothing is signed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-ledger-'));
  const file = join(folder, 'checkpoint');
  const path = join(folder, 'data', 'cordon.db');
  let store = await openStore({ database: path });
  let { ledger } = await makeLedger(store, file);
  await fill(store, ledger, [20]);
  await store.close();
  await cp(join(folder, 'data'), join(folder, 'backup'), { recursive: true });
  store = await openStore({ database: path });
  ({ ledger } = await makeLedger(store, file));
  await fill(store, ledger, [30]);
  await store.close();

  await rm(join(folder, 'data'), { recursive: true });
  await cp(join(folder, 'backup'), join(folder, 'data'), { recursive: true });
  store = await openStore({ database: path });
  await expect(makeLedger(store, file)).rejects.toMatchObject({ code: 'ledger.tampered', message: expect.stringContaining('rolled back') });
  // Growing past the old size does not hide it.
  await store.transaction((tx) =>
    appendEntries(
      tx,
      Array.from({ length: 40 }, () => ({ kind: 'test.act', body: {} })),
    ),
  );
  await expect(makeLedger(store, file)).rejects.toThrow('not the ones that were signed');
  await writeFile(file, (await readFile(file, 'utf8')).replace('example.com/ledger\n', 'example.com/other\n'));
  await expect(makeLedger(store, file)).rejects.toThrow('cannot be trusted');
  await store.close();
  await rm(folder, { recursive: true });
});

test('history that was rewritten is not signed again', async () => {
  const store = await openStore({ database: ':memory:' });
  const { ledger } = await makeLedger(store);
  await fill(store, ledger, [8]);
  await store.db
    .updateTable('ledger_node')
    .set({ hash: 'ab'.repeat(32) })
    .where('level', '=', 3)
    .execute();
  await store.transaction((tx) => appendEntry(tx, { kind: 'test.act', body: {} }));
  await expect(ledger.checkpoint()).rejects.toMatchObject({ code: 'ledger.tampered' });
  await store.close();
});

test('paths of tiles', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 8 })).toBe('tile/0/x001/x234/067.p/8');
  expect(tilePath({ level: 'entries', index: 7, width: 256 })).toBe('tile/entries/007');
  for (const path of ['tile/0/x001/x234/067.p/8', 'tile/entries/007', 'tile/3/000.p/255'])
    expect(tilePath(parseTilePath(path)!)).toBe(path);
  for (const path of [
    'tile/00/000',
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/0/../000',
    'tile/e/000',
    '',
  ]) {
    expect(parseTilePath(path)).toBeUndefined();
  }
});

test('a live database can be verified while others append and sign', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-ledger-'));
  const store = await openStore({ database: join(folder, 'cordon.db') });
  const { ledger } = await makeLedger(store, join(folder, 'checkpoint'));
  await fill(store, ledger, [50]);
  let stop = false;
  const appending = (async () => {
    while (!stop) await fill(store, ledger, [30, 1]);
  })();
  for (let index = 0; index < 8; index++) expect(await verifyLedger(store, TRUST)).toMatchObject({ problem: null });
  stop = true;
  await appending;
  await store.close();
  await rm(folder, { recursive: true });
});

test('an end that was cut off is named by its first missing entry', async () => {
  const store = await openStore({ database: ':memory:' });
  const { ledger } = await makeLedger(store);
  await fill(store, ledger, [20, 11]);
  await store.db.deleteFrom('ledger').where('position', '>=', 24).execute();
  expect((await verifyLedger(store, TRUST)).problem).toMatchObject({ kind: 'entry', position: 24, name: 'entries 24 to 32' });
  await store.close();
});

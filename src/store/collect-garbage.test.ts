import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pieces, put, referTo, uploadBytes } from '../../test/store/blob-bytes.ts';
import { DATABASES, type Database } from '../../test/store/databases.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import { openDiskBlobs, type DiskBlobStore } from './blobs/disk.ts';
import { adoptBlob } from './blobs/keep-blob.ts';
import { leaseBlob, releaseLeases, renewLease } from './blobs/lease.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { Store } from './open-store.ts';
import { scrub, type Damage } from './scrub.ts';

const LATER = Date.now() + 10 * 86_400_000;
const nothing = { manifests: 0, blobs: 0, bytes: 0, uploads: 0, leases: 0, resumed: 0 };

/** The same blobs, with something done around the removal of abandoned stagings. */
function discardingBy(blobs: BlobStore, discardStale: BlobStore['discardStale']): BlobStore {
  const of = (name: keyof BlobStore) => ({ value: (blobs[name] as () => unknown).bind(blobs) });
  return Object.create(blobs, { list: of('list'), remove: of('remove'), discardStale: { value: discardStale } });
}

describe.each(DATABASES)('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  let blobs: DiskBlobStore;
  let folder = '';
  beforeEach(async () => {
    database = await create();
    store = await database.open();
    folder = await mkdtemp(join(tmpdir(), 'cordon-gc-'));
    blobs = await openDiskBlobs({ folder });
  });
  afterEach(async () => {
    await blobs.close();
    await store.close();
    await database.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test('an upload that begins while the collection looks at the others stays', async () => {
    const upload = { id: 'begun', sha256: null, size: 3, repository_id: null, principal: 'p', created_at: 0, expires_at: LATER * 2 };
    const late = discardingBy(blobs, async (...given) => {
      await store.db.insertInto('upload').values(upload).execute();
      await (await blobs.stage({ id: 'begun' })).append(pieces(Buffer.alloc(0)));
      return blobs.discardStale(...given);
    });
    expect(await collectGarbage(store, late, { now: LATER })).toEqual(nothing);
    expect(await readdir(join(folder, 'staging'))).toEqual(['begun']);
  });

  test('what is referred to stays, what is leased stays, the rest goes when it is old enough', async () => {
    const [used, leased, loose] = [
      await uploadBytes(store, blobs, Buffer.from('used')),
      await uploadBytes(store, blobs, Buffer.from('leased')),
      await uploadBytes(store, blobs, Buffer.from('loose')),
    ];
    await referTo(store, 'model', [used]);
    await store.transaction((tx) => releaseLeases(tx, [used.lease, loose.lease]));
    expect(await renewLease(store, leased.lease, 20 * 86_400_000)).toBe(true);
    expect(await collectGarbage(store, blobs)).toEqual(nothing);
    const planned: string[] = [];
    expect(await collectGarbage(store, blobs, { now: LATER, dryRun: true, onBlob: ({ sha256 }) => planned.push(sha256) })).toEqual({
      ...nothing,
      blobs: 1,
      bytes: 5,
    });
    expect(planned).toEqual([loose.sha256]);
    expect(await blobs.has(loose.sha256)).toBe(true);
    expect(await collectGarbage(store, blobs, { now: LATER })).toEqual({ ...nothing, blobs: 1, bytes: 5 });
    expect([await blobs.has(used.sha256), await blobs.has(leased.sha256), await blobs.has(loose.sha256)]).toEqual([true, true, false]);
    expect(await store.db.selectFrom('blob').select('sha256').orderBy('sha256').execute()).toEqual(
      [used, leased].map(({ sha256 }) => ({ sha256 })).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
    );
    expect(await renewLease(store, loose.lease)).toBe(false);
  });

  test('when a repository goes, its manifests and blobs follow', async () => {
    const blob = await uploadBytes(store, blobs, Buffer.from('bytes'));
    await referTo(store, 'model', [blob]);
    await store.transaction((tx) => releaseLeases(tx, [blob.lease]));
    await store.db.deleteFrom('ref').execute();
    await store.db.deleteFrom('repository').where('id', '=', 'model').execute();
    expect(await collectGarbage(store, blobs, { now: LATER })).toEqual({ ...nothing, manifests: 1, blobs: 1, bytes: 5 });
  });

  test('a file without a row goes, unless somebody is about to write the row', async () => {
    const [orphan, coming] = [await put(blobs, Buffer.from('orphan')), await put(blobs, Buffer.from('coming'))];
    await leaseBlob(store, coming.sha256, 20 * 86_400_000);
    expect(await collectGarbage(store, blobs, { now: LATER })).toEqual({ ...nothing, blobs: 1, bytes: 6 });
    expect([await blobs.has(orphan.sha256), await blobs.has(coming.sha256)]).toEqual([false, true]);
  });

  test('an upload that announced the content keeps it; abandoned ones go', async () => {
    const { sha256, lease } = await uploadBytes(store, blobs, Buffer.from('again'));
    await store.transaction((tx) => releaseLeases(tx, [lease]));
    const upload = { sha256, size: 5, repository_id: null, principal: 'p', created_at: Date.now() };
    await store.db
      .insertInto('upload')
      .values({ ...upload, id: 'u1', expires_at: LATER + 1 })
      .execute();
    await (await blobs.stage({ id: 'u1' })).append((async function* () {})());
    await (await blobs.stage({ id: 'abandoned' })).append((async function* () {})());
    expect(await collectGarbage(store, blobs, { now: LATER })).toEqual({ ...nothing, uploads: 1 });
    expect(await blobs.has(sha256)).toBe(true);
  });

  test('a removal that broke off is finished by the next collection, and new bytes wait for it', async () => {
    const { sha256 } = await put(blobs, Buffer.from('half gone'));
    await store.db.insertInto('blob_removal').values({ sha256, started_at: Date.now() }).execute();
    const staging = uploadBytes(store, blobs, Buffer.from('half gone'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await store.db.selectFrom('blob_lease').select('id').execute()).toEqual([]);
    expect((await collectGarbage(store, blobs, { deadMs: 0 })).resumed).toBe(1);
    expect(await staging).toMatchObject({ sha256 });
    expect(await blobs.verify(sha256)).toBe('intact');
  });

  test('collections beside uploads of the same contents lose none', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => Buffer.from(`content ${index}`));
    let uploading = true;
    // Why nothing staged: without a row of an upload only the grace protects it, and there is none here.
    const sweeping = discardingBy(blobs, async () => 0);
    const collector = (async () => {
      while (uploading) await collectGarbage(store, sweeping, { graceMs: -1000, now: Date.now() });
    })();
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        contents.map(async (bytes) => {
          const kept = await uploadBytes(store, blobs, bytes);
          expect(await blobs.verify(kept.sha256)).toBe('intact');
          const adopted = await adoptBlob(store, blobs, kept.sha256);
          expect(adopted).toBeDefined();
          await store.transaction((tx) => releaseLeases(tx, [kept.lease, adopted?.lease ?? '']));
        }),
      );
    }
    uploading = false;
    await collector;
  });

  test('a scrub finds what is corrupt or missing and says where it is used', async () => {
    const good = await uploadBytes(store, blobs, Buffer.from('good'));
    const bad = await uploadBytes(store, blobs, Buffer.from('bad'));
    const gone = await uploadBytes(store, blobs, Buffer.from('gone'));
    await referTo(store, 'model', [good, bad, gone]);
    const path = await blobs.localPath(bad.sha256);
    const { chmod, writeFile } = await import('node:fs/promises');
    await chmod(path, 0o640);
    await writeFile(path, 'bat');
    await blobs.remove(gone.sha256);
    const damages: Damage[] = [];
    expect(await scrub(store, blobs, { onDamage: (damage) => damages.push(damage) })).toEqual({ checked: 3, damaged: 2, next: undefined });
    const at = (index: number) => [{ namespace: 'acme', name: 'model', revision: 'model', path: `file-${index}` }];
    const byProblem = Object.fromEntries(damages.map(({ problem, ...where }) => [problem, where]));
    expect(byProblem).toEqual({ corrupt: { sha256: bad.sha256, places: at(1) }, missing: { sha256: gone.sha256, places: at(2) } });
    expect(await blobs.has(bad.sha256)).toBe(false);
    await uploadBytes(store, blobs, Buffer.from('bad'));
    await uploadBytes(store, blobs, Buffer.from('gone'));
    expect((await scrub(store, blobs)).damaged).toBe(0);
    const { next } = await scrub(store, blobs, { forMs: -1 });
    expect(next).toBe('');
  });
});

import type { BlobStore } from './blobs/blob-store.ts';
import { isGarbage } from './blobs/references.ts';
import { removeBlobs, resumeRemovals } from './blobs/remove-blobs.ts';
import { isForeignKeyViolation } from './database-error.ts';
import type { Store } from './open-store.ts';

/** Blobs per transaction. */
const BATCH = 100;

/** How a collection runs. */
export interface GarbageOptions {
  /** Younger things are left alone. Default a day. Why: what refers to them may be on its way. */
  readonly graceMs?: number;
  /** Only says what it would remove. */
  readonly dryRun?: boolean;
  /** Told of every blob that goes. */
  readonly onBlob?: (blob: GarbageBlob) => void;
  /** When a removal counts as broken off. */
  readonly deadMs?: number;
  /** Epoch milliseconds. */
  readonly now?: number;
}

export interface GarbageBlob {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What a collection removed, or would have. */
export interface GarbageReport {
  readonly manifests: number;
  readonly blobs: number;
  /** Bytes of the blobs. */
  readonly bytes: number;
  readonly uploads: number;
  readonly leases: number;
  /** Removals of a collection that had died, finished now. */
  readonly resumed: number;
}

/**
 * Mark and sweep: removes manifests that no revision, version or admission names, blobs that nothing keeps, files without a
 * row, and uploads that nobody finished. Safe beside commits and other collections, and at every crash.
 */
export async function collectGarbage(store: Store, blobs: BlobStore, options: GarbageOptions = {}): Promise<GarbageReport> {
  const { graceMs = 86_400_000, dryRun = false, onBlob = () => undefined, now = Date.now() } = options;
  const resumed = dryRun ? 0 : await resumeRemovals(store, blobs, now, options.deadMs);
  const { uploads, leases } = dryRun ? await countExpired(store, now) : await removeExpired(store, blobs, now, graceMs);
  const manifests = dryRun ? await countManifests(store, now - graceMs) : await removeManifests(store, now - graceMs);
  const total = { blobs: 0, bytes: 0 };
  for await (const batch of batches(candidates(store, blobs, now, graceMs))) {
    const digests = batch.map(({ sha256 }) => sha256);
    const removed = new Set(dryRun ? digests : await removeBlobs(store, blobs, digests, { now, graceMs }));
    for (const blob of batch.filter(({ sha256 }) => removed.has(sha256))) {
      total.blobs++;
      total.bytes += blob.size;
      onBlob(blob);
    }
  }
  return { manifests, ...total, uploads, leases, resumed };
}

async function* candidates(store: Store, blobs: BlobStore, now: number, graceMs: number): AsyncIterable<GarbageBlob> {
  for (let after = ''; ;) {
    const rows = await store.db
      .selectFrom('blob')
      .select(['sha256', 'size'])
      .where('sha256', '>', after)
      .where((blob) => isGarbage(blob, now, graceMs))
      .orderBy('sha256')
      .limit(BATCH)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.sha256;
  }
  for await (const files of batches(blobs.list())) {
    const old = files.filter(({ modifiedAt }) => modifiedAt <= now - graceMs);
    if (old.length === 0) continue;
    const digests = old.map(({ sha256 }) => sha256);
    const rows = await store.db.selectFrom('blob').select('sha256').where('sha256', 'in', digests).execute();
    const leased = await store.db
      .selectFrom('blob_lease')
      .select('sha256')
      .where('sha256', 'in', digests)
      .where('expires_at', '>', now)
      .execute();
    const known = new Set([...rows, ...leased].map(({ sha256 }) => sha256));
    yield* old.filter(({ sha256 }) => !known.has(sha256));
  }
}

async function* batches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function removeExpired(store: Store, blobs: BlobStore, now: number, graceMs: number): Promise<{ uploads: number; leases: number }> {
  const leases = await store.db.deleteFrom('blob_lease').where('expires_at', '<=', now).executeTakeFirst();
  await store.db.deleteFrom('upload').where('expires_at', '<=', now).execute();
  await store.db.deleteFrom('xet_xorb').where('expires_at', '<=', now).execute();
  const uploads = await blobs.discardStale(now - graceMs, async () => {
    const live = await store.db.selectFrom('upload').select('id').execute();
    return new Set(live.map(({ id }) => id));
  });
  return { uploads, leases: Number(leases.numDeletedRows) };
}

async function countExpired(store: Store, now: number): Promise<{ uploads: number; leases: number }> {
  const count = async (table: 'upload' | 'blob_lease'): Promise<number> => {
    const row = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('expires_at', '<=', now)
      .executeTakeFirst();
    return row?.n ?? 0;
  };
  return { uploads: await count('upload'), leases: await count('blob_lease') };
}

function unusedManifests(store: Pick<Store['db'], 'selectFrom'>, before: number) {
  return store
    .selectFrom('manifest')
    .select('digest')
    .where('created_at', '<=', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('revision').select('revision.id').whereRef('revision.manifest', '=', 'manifest.digest'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('version').select('version.id').whereRef('version.manifest', '=', 'manifest.digest'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('admission').select('admission.state').whereRef('admission.manifest', '=', 'manifest.digest'))),
    );
}

async function countManifests(store: Store, before: number): Promise<number> {
  return (await unusedManifests(store.db, before).execute()).length;
}

async function removeManifests(store: Store, before: number): Promise<number> {
  let removed = 0;
  for (const { digest } of await unusedManifests(store.db, before).execute()) {
    removed += await store
      .transaction(async (tx) => {
        const unused = await unusedManifests(tx, before).where('digest', '=', digest).executeTakeFirst();
        if (unused === undefined) return 0;
        await tx.deleteFrom('manifest').where('digest', '=', digest).execute();
        return 1;
      })
      .catch((error: unknown) => {
        // A commit came to name it at the last moment.
        if (isForeignKeyViolation(error)) return 0;
        throw error;
      });
  }
  return removed;
}

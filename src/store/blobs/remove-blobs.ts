import { CordonError } from '../../core/errors.ts';
import { isForeignKeyViolation } from '../database-error.ts';
import type { Store, Tx } from '../open-store.ts';
import type { BlobStore } from './blob-store.ts';
import { lockContent } from './lease.ts';
import { isGarbage } from './references.ts';

/** A removal whose process is silent this long has died; another finishes it. */
const DEAD_MS = 5 * 60_000;
/** A removal that takes this long gives up, well before another takes over. */
const GIVE_UP_MS = 60_000;

/**
 * Removes blobs that are garbage, in steps that may each be the last before a crash: (1) one transaction checks again, takes
 * away the rows and notes the removals; (2) the files go; (3) the notes go. As long as a note is there nobody can lease the
 * same content, so bytes that arrive anew are never the ones that step 2 takes. Answers which were removed.
 */
export async function removeBlobs(
  store: Store,
  blobs: BlobStore,
  digests: readonly string[],
  age: { readonly now: number; readonly graceMs: number },
): Promise<readonly string[]> {
  const started = performance.now();
  const noted = await noteRemovals(store, digests, age);
  await removeNoted(store, blobs, noted, started);
  return noted;
}

/** Finishes removals whose process died. */
export async function resumeRemovals(store: Store, blobs: BlobStore, now: number, deadMs: number = DEAD_MS): Promise<number> {
  const started = performance.now();
  const dead = await store.db
    .updateTable('blob_removal')
    .set({ started_at: now })
    .where('started_at', '<=', now - deadMs)
    .returning('sha256')
    .execute();
  await removeNoted(
    store,
    blobs,
    dead.map(({ sha256 }) => sha256),
    started,
  );
  return dead.length;
}

async function noteRemovals(store: Store, digests: readonly string[], age: { now: number; graceMs: number }): Promise<readonly string[]> {
  try {
    return await store.transaction((tx) => noteInTransaction(tx, store.dialect, digests, age));
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    // Something referred to one of them at the last moment. One at a time, so that the others still go.
    if (digests.length === 1) return [];
    const noted: string[] = [];
    for (const sha256 of digests) noted.push(...(await noteRemovals(store, [sha256], age)));
    return noted;
  }
}

async function noteInTransaction(
  tx: Tx,
  dialect: Store['dialect'],
  digests: readonly string[],
  { now, graceMs }: { now: number; graceMs: number },
): Promise<string[]> {
  const noted: string[] = [];
  // Why sorted: two collectors that lock in the same order never wait for each other in a circle.
  for (const sha256 of digests.toSorted()) {
    await lockContent(tx, dialect, sha256);
    const row = await tx.selectFrom('blob').select('sha256').where('sha256', '=', sha256).executeTakeFirst();
    const garbage =
      row === undefined
        ? !(await isLeased(tx, sha256, now))
        : (await tx
            .selectFrom('blob')
            .select('sha256')
            .where('sha256', '=', sha256)
            .where((blob) => isGarbage(blob, now, graceMs))
            .executeTakeFirst()) !== undefined;
    if (!garbage) continue;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('blob_removal')
      .values({ sha256, started_at: Date.now() })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .executeTakeFirst();
    if (Number(numInsertedOrUpdatedRows) === 0) continue;
    await tx.deleteFrom('assessment').where('sha256', '=', sha256).execute();
    await tx.deleteFrom('blob').where('sha256', '=', sha256).execute();
    noted.push(sha256);
  }
  return noted;
}

async function isLeased(tx: Tx, sha256: string, now: number): Promise<boolean> {
  const lease = await tx
    .selectFrom('blob_lease')
    .select('id')
    .where('sha256', '=', sha256)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return lease !== undefined;
}

async function removeNoted(store: Store, blobs: BlobStore, digests: readonly string[], started: number): Promise<void> {
  for (const sha256 of digests) {
    if (performance.now() - started > GIVE_UP_MS)
      throw new CordonError('storage.busy', 'removing took too long; the next collection goes on from here');
    await blobs.remove(sha256);
    await store.db.deleteFrom('blob_removal').where('sha256', '=', sha256).execute();
  }
}

import type { Store, Tx } from '../open-store.ts';
import type { BlobStore, Expected, Staging, StoredBlob } from './blob-store.ts';
import { LEASE_MS, leaseBlob, type LeaseOwner, releaseLeases } from './lease.ts';

/** A blob that the garbage collector leaves alone until the lease is released or runs out. */
export interface KeptBlob extends StoredBlob {
  readonly lease: string;
}

/**
 * Finishes an upload: checks the bytes, takes the lease, makes the blob visible, then writes its row. A crash in between leaves
 * a file that nothing refers to, which the collector removes after the grace period. `inLease` runs in the transaction of the lease;
 * what it throws ends the upload.
 */
export async function finishUpload(
  store: Store,
  staging: Staging,
  expected: Expected,
  leaseMs: number = LEASE_MS,
  owner?: LeaseOwner,
  inLease?: (tx: Tx, blob: StoredBlob) => Promise<void>,
): Promise<KeptBlob> {
  let lease = '';
  const blob = await staging.finish(expected, async (stored) => {
    lease = await leaseBlob(store, stored.sha256, leaseMs, owner, (tx) => inLease?.(tx, stored));
  });
  await recordBlob(store, blob);
  return { ...blob, lease };
}

/** Leases a blob that should be there already, so that it need not be sent; undefined when it is not. */
export async function adoptBlob(store: Store, blobs: BlobStore, sha256: string, leaseMs: number = LEASE_MS): Promise<KeptBlob | undefined> {
  const lease = await leaseBlob(store, sha256, leaseMs);
  const row = await store.db.selectFrom('blob').selectAll().where('sha256', '=', sha256).executeTakeFirst();
  if (row !== undefined && (await blobs.size(sha256)) === row.size) return { sha256, size: row.size, gitSha1: row.git_sha1, lease };
  await store.transaction((tx) => releaseLeases(tx, [lease]));
  return undefined;
}

async function recordBlob(store: Store, { sha256, size, gitSha1 }: StoredBlob): Promise<void> {
  await store.db
    .insertInto('blob')
    .values({ sha256, size, git_sha1: gitSha1, created_at: Date.now() })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
}

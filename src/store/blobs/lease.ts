import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../ids.ts';
import type { Store, Tx } from '../open-store.ts';

/** How long a lease holds unless asked otherwise: longer than any commit takes. */
export const LEASE_MS = 60 * 60_000;
/** How long to wait for a removal of the same content that is under way. */
const REMOVAL_MS = 30_000;

/** Who brought the bytes, and for which repository: what may refer to them is decided by it. */
export interface LeaseOwner {
  /** Id of a principal; empty: nobody's, which only keeps the blob. */
  readonly holder: string;
  readonly repositoryId: string | null;
}

const NOBODY: LeaseOwner = { holder: '', repositoryId: null };

/**
 * Keeps a blob from being collected until the lease is released or runs out; answers its id. Take it before the bytes become
 * visible, and before relying on bytes that are there. Why it may wait: the same content may just be on its way out.
 */
export async function leaseBlob(
  store: Store,
  sha256: string,
  forMs: number = LEASE_MS,
  owner: LeaseOwner = NOBODY,
  also?: (tx: Tx) => Promise<void> | undefined,
): Promise<string> {
  const deadline = performance.now() + REMOVAL_MS;
  for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
    const id = await store.transaction(async (tx) => {
      const leased = await leaseUnlessRemoved(tx, store.dialect, sha256, forMs, owner);
      if (leased !== undefined) await also?.(tx);
      return leased;
    });
    if (id !== undefined) return id;
    if (performance.now() > deadline)
      throw new CordonError(
        'storage.busy',
        'the same content is being removed, or a removal broke off: try again after garbage collection',
      );
    await sleep(wait);
  }
}

/** Releases leases, in the transaction that adds what refers to the blobs. */
export async function releaseLeases(tx: Tx, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 500)
    await tx
      .deleteFrom('blob_lease')
      .where('id', 'in', ids.slice(at, at + 500))
      .execute();
}

/** Makes a lease hold longer. False when it ran out and was cleaned away: the blob may be gone. */
export async function renewLease(store: Store, id: string, forMs: number = LEASE_MS): Promise<boolean> {
  const { numUpdatedRows } = await store.db
    .updateTable('blob_lease')
    .set({ expires_at: Date.now() + forMs })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function leaseUnlessRemoved(
  tx: Tx,
  dialect: Store['dialect'],
  sha256: string,
  forMs: number,
  owner: LeaseOwner,
): Promise<string | undefined> {
  await lockContent(tx, dialect, sha256);
  const removal = await tx.selectFrom('blob_removal').select('sha256').where('sha256', '=', sha256).executeTakeFirst();
  if (removal !== undefined) return undefined;
  const id = newId();
  await tx
    .insertInto('blob_lease')
    .values({ id, sha256, holder: owner.holder, repository_id: owner.repositoryId, expires_at: Date.now() + forMs })
    .execute();
  return id;
}

/**
 * One transaction at a time per content. SQLite has one writer anyway; on Postgres, leasing and collecting would otherwise each
 * miss what the other just wrote.
 */
export async function lockContent(tx: Tx, dialect: Store['dialect'], sha256: string): Promise<void> {
  if (dialect === 'postgres')
    await sql`select pg_advisory_xact_lock(cast(${String(BigInt(`0x${sha256.slice(0, 15)}`))} as bigint))`.execute(tx);
}

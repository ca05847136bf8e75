import type { BlobStore } from './blobs/blob-store.ts';
import type { Store } from './open-store.ts';

/** How many places a damaged blob is named in at most. */
const PLACES = 100;

/** A blob that is not what its digest says, and where it is used. */
export interface Damage {
  readonly sha256: string;
  readonly problem: 'corrupt' | 'missing';
  readonly places: readonly { readonly namespace: string; readonly name: string; readonly revision: string; readonly path: string }[];
}

/** How much of the store is checked. */
export interface ScrubOptions {
  /** Goes on after this digest. */
  readonly after?: string;
  /** Stops after this time, milliseconds; the answer says where. */
  readonly forMs?: number;
  readonly onDamage?: (damage: Damage) => void;
}

export interface ScrubReport {
  /** Blobs read from beginning to end. */
  readonly checked: number;
  readonly damaged: number;
  /** Where the next run goes on; undefined: everything was checked. */
  readonly next: string | undefined;
}

/** Reads every blob and compares it with its digest. A corrupt one is taken out of service, so that it can be uploaded again. */
export async function scrub(store: Store, blobs: BlobStore, options: ScrubOptions = {}): Promise<ScrubReport> {
  const { forMs = Infinity, onDamage = () => undefined } = options;
  const started = performance.now();
  let after = options.after ?? '';
  let checked = 0;
  let damaged = 0;
  for (;;) {
    const rows = await store.db.selectFrom('blob').select('sha256').where('sha256', '>', after).orderBy('sha256').limit(100).execute();
    if (rows.length === 0) return { checked, damaged, next: undefined };
    for (const { sha256 } of rows) {
      if (performance.now() - started > forMs) return { checked, damaged, next: after };
      const problem = await damageOf(store, blobs, sha256);
      checked++;
      after = sha256;
      if (problem === undefined) continue;
      damaged++;
      onDamage({ sha256, problem, places: await placesOf(store, sha256) });
    }
  }
}

async function damageOf(store: Store, blobs: BlobStore, sha256: string): Promise<Damage['problem'] | undefined> {
  const integrity = await blobs.verify(sha256);
  if (integrity === 'intact') return undefined;
  if (integrity === 'corrupt') {
    await blobs.setAside(sha256);
    return 'corrupt';
  }
  // Why asked again: it may have been collected since the row was read.
  const row = await store.db.selectFrom('blob').select('sha256').where('sha256', '=', sha256).executeTakeFirst();
  return row === undefined ? undefined : 'missing';
}

function placesOf(store: Store, sha256: string): Promise<Damage['places']> {
  return store.db
    .selectFrom('manifest_entry')
    .innerJoin('revision', 'revision.manifest', 'manifest_entry.manifest')
    .innerJoin('repository', 'repository.id', 'revision.repository_id')
    .select(['repository.namespace', 'repository.name', 'revision.id as revision', 'manifest_entry.path'])
    .where('manifest_entry.sha256', '=', sha256)
    .orderBy('repository.namespace')
    .orderBy('repository.name')
    .orderBy('manifest_entry.path')
    .limit(PLACES)
    .execute();
}

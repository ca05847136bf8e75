import { appendEntry } from '../../evidence/ledger/append.ts';
import { accessChanges } from '../../identity/access-changes.ts';
import type { AccessSource } from '../../identity/access-rules.ts';
import type { Store } from '../../store/open-store.ts';

/** Between which configurations, by their digests, and when. */
export interface Reconfigured {
  readonly store: Store;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** Writes down that another configuration is taken over, and by name what of it says who may do what. */
export async function recordReconfigured({ store, at, from, to }: Reconfigured, before: AccessSource, after: AccessSource): Promise<void> {
  const { changed, count } = accessChanges(before, after);
  await store.transaction(async (tx) => {
    await appendEntry(tx, { kind: 'gateway.reconfigured', body: { from, to }, at });
    if (count > 0) await appendEntry(tx, { kind: 'access.reconfigured', body: { from, to, changed, count }, at });
  });
}

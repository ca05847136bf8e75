import { appendEntries, lockLedger } from '../../../evidence/ledger/append.ts';
import type { Store } from '../../../store/open-store.ts';
import { stopBody, stopOf } from './stop-rows.ts';

/** Rows of one transaction. Why: others wait for the ledger meanwhile. */
const BATCH = 500;
/** How long automatic ones are kept after their end: repeaters are known by them. The ledger keeps them for ever. */
const KEPT_MS = 31 * 86_400_000;

/** Writes down what has expired, once for all processes: whoever comes second finds nothing. */
export async function endExpired(store: Store, now: number): Promise<void> {
  const due = await store.db
    .selectFrom('gateway_stop')
    .select('id')
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', now)
    .limit(BATCH)
    .execute();
  if (due.length > 0) {
    await store.transaction(async (tx) => {
      // Why first: acts that end a stop before its time take the two locks in this order.
      await lockLedger(tx);
      const rows = await tx
        .updateTable('gateway_stop')
        .set((row) => ({ ended_at: row.ref('expires_at'), ended_by: 'expiry' }))
        .where(
          'id',
          'in',
          due.map(({ id }) => id),
        )
        .where('ended_at', 'is', null)
        .returningAll()
        .execute();
      await appendEntries(
        tx,
        rows.map((row) => ({ kind: 'gateway.block-expired', body: stopBody(stopOf(row)), at: now })),
      );
    });
  }
  const old = await store.db
    .selectFrom('gateway_stop')
    .select('id')
    .where('automatic', '=', 1)
    .where('ended_at', '<=', now - KEPT_MS)
    .limit(BATCH)
    .execute();
  if (old.length > 0)
    await store.db
      .deleteFrom('gateway_stop')
      .where(
        'id',
        'in',
        old.map(({ id }) => id),
      )
      .execute();
}

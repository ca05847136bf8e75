import { sql } from 'kysely';
import type { GatewayAuditConfig } from '../../../core/gateway-audit-config.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { type ExpiredBody, RECORDS_EXPIRED_KIND } from '../../../evidence/ledger/records/record-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { dayOf } from './content/sealer.ts';
import { HOUR_MS } from './usage-sums.ts';

const DAY_MS = 24 * HOUR_MS;
/** Rows of one transaction. Why few: on SQLite nobody else writes meanwhile. */
const ROWS = 500;

/** How long what is kept. */
export type ExpiryDays = Pick<GatewayAuditConfig, 'contentDays' | 'recordDays' | 'usageDays'>;

/** Removes what is older than the configuration says. The ledger says what was removed, before it is. */
export async function expireAudit(store: Store, config: ExpiryDays, now: number): Promise<void> {
  await expireContents(store, dayOf(now - config.contentDays * DAY_MS));
  await expireRecords(store, now - config.recordDays * DAY_MS);
  await store.db
    .deleteFrom('gateway_usage')
    .where('hour', '<', now - config.usageDays * DAY_MS)
    .execute();
}

/** Destroys the keys of all days before `day`, which makes their contents unreadable at once wherever they are, then the contents. */
async function expireContents(store: Store, day: string): Promise<void> {
  const keys = await store.db.selectFrom('gateway_content_key').select('id').where('day', '<', day).execute();
  if (keys.length > 0) {
    await overwriting(store, () =>
      store.transaction(async (tx) => {
        await tx.deleteFrom('gateway_content_key').where('day', '<', day).execute();
        await appendEntry(tx, { kind: 'gateway.content-expired', body: { before: day, keys: keys.length } });
      }),
    );
  }
  // Also those that a crash left behind.
  for (;;) {
    const gone = await store.db
      .selectFrom('gateway_content')
      .leftJoin('gateway_content_key', 'gateway_content_key.id', 'gateway_content.key')
      .select('gateway_content.id')
      .where('gateway_content_key.id', 'is', null)
      .limit(ROWS)
      .execute();
    if (gone.length === 0) break;
    await store.db
      .deleteFrom('gateway_content')
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute();
  }
}

/** Removes whole batches from the oldest on. */
async function expireRecords(store: Store, before: number): Promise<void> {
  const kept = await store.db
    .selectFrom('gateway_batch')
    .select('position')
    .where('last_at', '>=', before)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  const last = await store.db
    .selectFrom('gateway_batch')
    .select('position')
    .$if(kept !== undefined, (query) => query.where('position', '<', kept!.position))
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  const through = last.position;
  await store.transaction(async (tx) => {
    await appendEntry(tx, { kind: RECORDS_EXPIRED_KIND, body: { through } satisfies ExpiredBody });
  });
  for (;;) {
    const batches = await store.db
      .selectFrom('gateway_batch')
      .select('id')
      .where('position', '<=', through)
      .orderBy('position')
      .limit(4)
      .execute();
    if (batches.length === 0) return;
    const ids = batches.map(({ id }) => id);
    await store.transaction(async (tx) => {
      await tx.deleteFrom('gateway_exchange').where('batch', 'in', ids).execute();
      await tx.deleteFrom('gateway_batch').where('id', 'in', ids).execute();
    });
  }
}

/** Deletes so that the bytes are gone: without it SQLite leaves them in free pages and in its write-ahead log, Postgres in dead rows. */
async function overwriting(store: Store, work: () => Promise<unknown>): Promise<void> {
  if (store.dialect === 'postgres') {
    await work();
    await sql`vacuum gateway_content_key`.execute(store.db);
    return;
  }
  await sql`pragma secure_delete = on`.execute(store.db);
  await work();
  await sql`pragma secure_delete = off`.execute(store.db);
  await sql`pragma wal_checkpoint(truncate)`.execute(store.db);
}

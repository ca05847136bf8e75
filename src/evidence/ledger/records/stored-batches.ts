import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../../store/schema/index.ts';
import { wrongRecord } from '../verify/problem.ts';
import { BatchesSeen, type FoundRecord } from './batches-seen.ts';
import { type BatchBody, RECORDS_KIND } from './record-batch.ts';

/** What of a record stands in columns of its own. */
interface RecordColumns {
  readonly id?: unknown;
  readonly at?: unknown;
  readonly outcome?: unknown;
  readonly session?: unknown;
  readonly who?: { readonly principal?: unknown };
  readonly content?: { readonly key?: unknown; readonly sha256?: unknown } | null;
}

/** Compares the batches of a ledger with the records of the database. */
export function storedBatches(db: Kysely<Schema>): BatchesSeen {
  return new BatchesSeen((batch, position) => loadBatch(db, batch, position));
}

async function loadBatch(db: Kysely<Schema>, { batch, count }: BatchBody, position: number): Promise<readonly FoundRecord[]> {
  const kept = await db.selectFrom('gateway_batch').selectAll().where('id', '=', batch).executeTakeFirst();
  // Why nothing is looked at without it: what is about to expire goes batch by batch.
  const rows = await db.selectFrom('gateway_exchange').selectAll().where('batch', '=', batch).orderBy('number').execute();
  if (rows.length > 0 && (kept?.position !== position || kept.records !== count))
    throw wrongRecord(position, undefined, 'the row of their batch is missing or another one');
  if (rows.length === 0 && kept !== undefined) throw wrongRecord(position, 0, 'it is missing');
  const contents = await contentDigests(db, batch);
  for (const row of rows) {
    const record = parsed(row.body);
    const same =
      record.id === row.id &&
      record.at === row.at &&
      record.outcome === row.outcome &&
      record.session === row.session &&
      record.who?.principal === row.principal;
    if (!same) throw wrongRecord(position, row.number, 'a column does not say what the record says');
    const content = contents.get(row.id);
    if (content !== undefined && (record.content?.sha256 !== content.sha256 || record.content.key !== content.key))
      throw wrongRecord(position, row.number, 'its content is not the one that it names');
    if (content === undefined && typeof record.content?.key === 'string' && (await isKeyThere(db, record.content.key)))
      throw wrongRecord(position, row.number, 'its content is missing');
  }
  return rows.map(({ number, body }) => ({ number, text: body }));
}

async function contentDigests(
  db: Kysely<Schema>,
  batch: string,
): Promise<ReadonlyMap<string, { readonly key: string; readonly sha256: string }>> {
  const digests = new Map<string, { readonly key: string; readonly sha256: string }>();
  for (let after = -1; ;) {
    // Why a page: contents are large.
    const page = await db
      .selectFrom('gateway_content')
      .innerJoin('gateway_exchange', 'gateway_exchange.id', 'gateway_content.id')
      .select(['gateway_content.id', 'gateway_content.key', 'gateway_content.sealed', 'gateway_exchange.number'])
      .where('gateway_exchange.batch', '=', batch)
      .where('gateway_exchange.number', '>', after)
      .orderBy('gateway_exchange.number')
      .limit(32)
      .execute();
    for (const { id, key, sealed } of page) digests.set(id, { key, sha256: hash('sha256', sealed) });
    if (page.length === 0) return digests;
    after = page.at(-1)!.number;
  }
}

async function isKeyThere(db: Kysely<Schema>, key: string): Promise<boolean> {
  return (await db.selectFrom('gateway_content_key').select('id').where('id', '=', key).executeTakeFirst()) !== undefined;
}

/** Records that belong to no batch of the ledger were put in by somebody else. */
export async function requireNoStrayRecords(db: Kysely<Schema>, size: number): Promise<void> {
  const stray = await db
    .selectFrom('gateway_exchange')
    .leftJoin('gateway_batch', 'gateway_batch.id', 'gateway_exchange.batch')
    .select(['gateway_exchange.id'])
    .where('gateway_batch.id', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (stray !== undefined) throw wrongRecord(size, undefined, `the record ${stray.id.slice(0, 80)} belongs to no entry`);
  const batch = await db
    .selectFrom('gateway_batch')
    .leftJoin('ledger', 'ledger.position', 'gateway_batch.position')
    .select('gateway_batch.position')
    .where((where) =>
      where.or([
        where('ledger.kind', 'is', null),
        where('ledger.kind', '!=', RECORDS_KIND),
        // Its canonical JSON has the batch first.
        sql<boolean>`ledger.body not like '{"batch":"' || gateway_batch.id || '"%'`,
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (batch !== undefined) throw wrongRecord(batch.position, undefined, 'they belong to an entry that does not commit to them');
}

function parsed(body: string): RecordColumns {
  try {
    return JSON.parse(body) as RecordColumns;
  } catch {
    return {};
  }
}

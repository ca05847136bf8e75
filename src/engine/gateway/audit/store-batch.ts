import { CompiledQuery } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import { appendBatch } from '../../../evidence/ledger/records/record-batch.ts';
import { newId } from '../../../store/ids.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import type { GatewayContentKeyTable, GatewayContentTable } from '../../../store/schema/gateway-audit.ts';
import { FRAME, type Frame } from './journal/frame.ts';
import type { StoredRecord } from './record-text.ts';
import { addUsage, sumUsage } from './usage-sums.ts';

/** Frames as rows. */
interface Rows {
  readonly texts: readonly string[];
  readonly records: readonly StoredRecord[];
  readonly contents: readonly GatewayContentTable[];
  readonly keys: readonly GatewayContentKeyTable[];
}

const EXCHANGE_COLUMNS = ['batch', 'number', 'id', 'at', 'principal', 'outcome', 'session', 'body'] as const;
/** Rows of one INSERT; the last ones of a batch go alone. Why few sizes: each is a statement of its own. */
const ROW_SIZES = [64, 8, 1] as const;

/**
 * Takes frames of a journal into the database and the ledger: all of them and what was taken, or nothing, so that each counts once
 * however often it is read. Answers how many records are new.
 */
export async function storeBatch(store: Store, run: string, frames: readonly Frame[], now: number): Promise<number> {
  return await store.transaction(async (tx) => {
    const known = await tx.selectFrom('gateway_journal').select('stored').where('run', '=', run).executeTakeFirst();
    const stored = known?.stored ?? 0;
    const fresh = frames.filter(({ sequence }) => sequence > stored);
    const last = fresh.at(-1)?.sequence;
    if (last === undefined) return 0;
    await advance(tx, { run, stored, last, isKnown: known !== undefined, now });
    const { texts, records, contents, keys } = rowsOf(fresh);
    for (const key of keys) {
      await tx
        .insertInto('gateway_content_key')
        .values(key)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
    for (const content of contents) {
      await tx
        .insertInto('gateway_content')
        .values(content)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
    if (records.length === 0) return 0;
    const batch = newId(now);
    await insertExchanges(tx, store.dialect, batch, records, texts);
    await addUsage(tx, sumUsage(records));
    // Last, because on Postgres everybody else who appends waits until the end of this transaction.
    const position = await appendBatch(tx, batch, texts, now);
    const lastAt = Math.max(...records.map(({ at }) => at));
    await tx.insertInto('gateway_batch').values({ id: batch, position, records: records.length, last_at: lastAt }).execute();
    return records.length;
  });
}

interface Advance {
  readonly run: string;
  readonly stored: number;
  readonly last: number;
  readonly isKnown: boolean;
  readonly now: number;
}

/** Why compared with what was read: of two that take the same frames, one must fail. */
async function advance(tx: Tx, { run, stored, last, isKnown, now }: Advance): Promise<void> {
  if (!isKnown) {
    await tx.insertInto('gateway_journal').values({ run, stored: last, updated_at: now }).execute();
    return;
  }
  const { numUpdatedRows } = await tx
    .updateTable('gateway_journal')
    .set({ stored: last, updated_at: now })
    .where('run', '=', run)
    .where('stored', '=', stored)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new CordonError('storage.busy', 'another process takes over the same journal');
}

function rowsOf(frames: readonly Frame[]): Rows {
  const texts: string[] = [];
  const records: StoredRecord[] = [];
  const contents: GatewayContentTable[] = [];
  const keys: GatewayContentKeyTable[] = [];
  let after = -1;
  for (const { kind, payload, sequence } of frames) {
    // Why: after a failed write the same frames may stand in two segments.
    if (sequence <= after) continue;
    after = sequence;
    if (kind === FRAME.empty) continue;
    if (kind === FRAME.key) {
      keys.push(JSON.parse(payload.toString()) as GatewayContentKeyTable);
      continue;
    }
    const start = kind === FRAME.sealed ? 4 : 0;
    const end = kind === FRAME.sealed ? 4 + payload.readUInt32LE(0) : payload.length;
    const text = payload.toString('utf8', start, end);
    const record = JSON.parse(text) as StoredRecord;
    texts.push(text);
    records.push(record);
    if (record.content !== null && kind === FRAME.sealed)
      contents.push({ id: record.id, key: record.content.key, sealed: payload.subarray(end) });
  }
  return { texts, records, contents, keys };
}

/** Why not by the query builder: it makes objects for every value, which costs as much as the database does. */
async function insertExchanges(
  tx: Tx,
  dialect: Store['dialect'],
  batch: string,
  records: readonly StoredRecord[],
  texts: readonly string[],
): Promise<void> {
  let at = 0;
  for (const size of ROW_SIZES) {
    for (; at + size <= records.length; at += size) {
      const values: (string | number | null)[] = [];
      for (let number = at; number < at + size; number++) {
        const { id, at: time, who, outcome, session } = records[number]!;
        values.push(batch, number, id, time, who.principal, outcome, session, texts[number]!);
      }
      await tx.executeQuery(CompiledQuery.raw(insertStatement(dialect, size), values));
    }
  }
}

function insertStatement(dialect: Store['dialect'], rows: number): string {
  let parameter = 0;
  const row = (): string => `(${EXCHANGE_COLUMNS.map(() => (dialect === 'sqlite' ? '?' : `$${++parameter}`)).join(', ')})`;
  return `insert into gateway_exchange (${EXCHANGE_COLUMNS.join(', ')}) values ${Array.from({ length: rows }, row).join(', ')}`;
}

import { PostgresAdapter, sql, type Transaction } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import type { Schema } from '../../store/schema/index.ts';
import { type EntryColumns, entryColumns, entryHash, type NewEntry } from './entry.ts';
import { CompactRange } from './merkle/compact-range.ts';
import { type Subtree, subtreesOf } from './merkle/subtrees.ts';

/** Where an entry stands. */
export interface Appended {
  readonly position: number;
  /** RFC 6962 leaf hash, hexadecimal. */
  readonly leaf: string;
}

/** Number of the advisory lock on Postgres that makes appending one at a time: "cordonld" in ASCII, cut to 63 bits. */
const APPEND_LOCK = '7165918061438102628';
/** Rows of one INSERT: five columns each stay below the 32,766 variables of SQLite. */
const ROWS = 1000;

/**
 * Appends an entry inside the caller's transaction, so that the act and its evidence are committed together or not at all.
 * Append last: on Postgres everybody else waits for the lock until the transaction ends.
 */
export async function appendEntry(tx: Transaction<Schema>, entry: NewEntry): Promise<Appended> {
  const [appended] = await appendEntries(tx, [entry]);
  return appended!;
}

/** Appends several entries at once: for events that come in numbers, such as pulls. */
export async function appendEntries(tx: Transaction<Schema>, entries: readonly NewEntry[]): Promise<readonly Appended[]> {
  const columns = entries.map(entryColumns);
  if (columns.length === 0) return [];
  await lockLedger(tx);
  const last = await tx.selectFrom('ledger').select(['position', 'leaf']).orderBy('position', 'desc').limit(1).executeTakeFirst();
  const size = last === undefined ? 0 : last.position + 1;
  const edge = await neededEdge(tx, size, columns.length, last?.leaf);
  const range = CompactRange.from(size, edge);
  const rows: (EntryColumns & Appended)[] = [];
  const nodes: (Subtree & { hash: string })[] = [];
  for (const row of columns) {
    const leaf = entryHash(row);
    rows.push({ position: range.size, leaf: leaf.toString('hex'), ...row });
    range.append(leaf, (level, position, hash) => nodes.push({ level, position, hash: hash.toString('hex') }));
  }
  for (let start = 0; start < rows.length; start += ROWS) {
    await tx
      .insertInto('ledger')
      .values(rows.slice(start, start + ROWS))
      .execute();
  }
  for (let start = 0; start < nodes.length; start += ROWS) {
    await tx
      .insertInto('ledger_node')
      .values(nodes.slice(start, start + ROWS))
      .execute();
  }
  return rows.map(({ position, leaf }) => ({ position, leaf }));
}

/**
 * One appender at a time, until the transaction ends. Why not the primary key alone: it would turn every race into a failed
 * act. SQLite has one writer anyway.
 */
export async function lockLedger(tx: Transaction<Schema>): Promise<void> {
  if (tx.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`select pg_advisory_xact_lock(${sql.lit(APPEND_LOCK)}::bigint)`.execute(tx);
  }
}

/** Hashes of the complete subtrees that appending `count` entries will join with new ones, from left to right. */
async function neededEdge(tx: Transaction<Schema>, size: number, count: number, leaf: string | undefined): Promise<readonly Buffer[]> {
  const needed = subtreesOf({ start: 0, end: size }).filter(({ level, position }) => (position + 2) * 2 ** level <= size + count);
  const stored = needed.filter(({ level }) => level > 0);
  const rows =
    stored.length === 0
      ? []
      : await tx
          .selectFrom('ledger_node')
          .select(['level', 'hash'])
          .where((where) => where.or(stored.map(({ level, position }) => where.and({ level, position }))))
          .execute();
  const hashes = new Map(rows.map((row) => [row.level, row.hash]));
  if (leaf !== undefined) hashes.set(0, leaf);
  return needed.map(({ level, position }) => {
    const hash = hashes.get(level);
    if (hash === undefined)
      throw new CordonError('ledger.tampered', `the hash of subtree ${position} at level ${level} is gone from the database`);
    return Buffer.from(hash, 'hex');
  });
}

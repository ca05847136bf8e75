import type { Kysely } from 'kysely';
import { errorMessage } from '../../../core/errors.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Schema } from '../../../store/schema/index.ts';
import { entryHash } from '../entry.ts';
import { CHECKPOINT_KIND } from '../make-checkpoint.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { completedBy } from '../merkle/subtrees.ts';
import { ledgerSize } from '../read.ts';
import type { BatchesSeen } from '../records/batches-seen.ts';
import { RECORDS_EXPIRED_KIND, RECORDS_KIND } from '../records/record-batch.ts';
import { requireNoStrayRecords, storedBatches } from '../records/stored-batches.ts';
import { CheckpointChain, type LastEntry, type StoredCheckpoint } from './checkpoint-chain.ts';
import { checkNode } from './nodes.ts';
import { requireNothingBeyond } from './beyond.ts';
import { type LedgerTrust, type LedgerVerification, Wrong, wrongEntry } from './problem.ts';

/** Why a power of two: the subtrees within a page are complete. */
const PAGE = 1024;

/**
 * Verifies the ledger where it lives: every entry against its hash, every stored subtree, every checkpoint with its
 * signatures. Names the first that is wrong. Reads page by page; others may append meanwhile.
 */
export async function verifyLedger(store: Pick<Store, 'db'>, trust: LedgerTrust): Promise<LedgerVerification> {
  const { db } = store;
  const size = await ledgerSize(db);
  const chain = new CheckpointChain(storedCheckpoints(db, size), trust);
  const range = new CompactRange();
  const batches = storedBatches(db);
  try {
    await chain.start();
    while (range.size < size) await verifyPage(db, range, Math.min(size, range.size + PAGE), chain, batches);
    await requireNothingBeyond(db);
    batches.end();
    await requireNoStrayRecords(db, size);
    chain.end(size);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return {
      ok: false,
      entries: range.size,
      checkpoints: chain.checkpoints,
      records: batches.records,
      signed: chain.signed,
      ...chain.cosignatures,
      problem: error.problem,
    };
  }
  return {
    ok: true,
    entries: size,
    checkpoints: chain.checkpoints,
    records: batches.records,
    signed: chain.signed,
    ...chain.cosignatures,
    problem: null,
  };
}

async function verifyPage(
  db: Kysely<Schema>,
  range: CompactRange,
  end: number,
  chain: CheckpointChain,
  batches: BatchesSeen,
): Promise<void> {
  const start = range.size;
  const rows = await db
    .selectFrom('ledger')
    .selectAll()
    .where('position', '<', end)
    // Why not from `start` on the first page: a row before 0 would never be seen.
    .$if(start > 0, (query) => query.where('position', '>=', start))
    .orderBy('position')
    .limit(PAGE)
    .execute();
  const nodes = await storedNodes(db, start, end);
  for (let position = start; position < end; position++) {
    const row = rows[position - start];
    if (row === undefined || row.position !== position) {
      if (row !== undefined && row.position < position) throw wrongEntry(row.position, 'there is an entry that does not belong to the log');
      throw wrongEntry(position, 'the entry is missing');
    }
    const leaf = entryHash(row);
    if (leaf.toString('hex') !== row.leaf) throw wrongEntry(position, 'the entry does not have the hash it was appended with');
    const completed: { level: number; position: number; hash: string }[] = [];
    range.append(leaf, (level, at, hash) => completed.push({ level, position: at, hash: hash.toString('hex') }));
    for (const node of completed) {
      const stored = nodes.get(`${node.level}/${node.position}`);
      if (stored !== node.hash) await checkNode(db, node, stored);
    }
    if (row.kind === RECORDS_KIND || row.kind === RECORDS_EXPIRED_KIND) await batches.at(position, row.kind, lastEntry(row).body);
    if (row.kind === CHECKPOINT_KIND || chain.due(range.size)) await chain.at(range.size, range.root(), lastEntry(row));
  }
}

/** Subtrees that are completed by the entries of a page. */
async function storedNodes(db: Kysely<Schema>, start: number, end: number): Promise<ReadonlyMap<string, string>> {
  const highest = Math.max(Math.log2(PAGE), completedBy(end - 1));
  const rows = await db
    .selectFrom('ledger_node')
    .selectAll()
    .where((where) =>
      where.or(
        Array.from({ length: highest }, (_, index) => {
          const width = 2 ** (index + 1);
          return where.and([
            where('level', '=', index + 1),
            where('position', '>=', Math.floor(start / width)),
            where('position', '<', Math.floor(end / width)),
          ]);
        }),
      ),
    )
    .execute();
  return new Map(rows.map(({ level, position, hash }) => [`${level}/${position}`, hash]));
}

/** Why up to the size that was read first: others make checkpoints meanwhile. */
async function* storedCheckpoints(db: Kysely<Schema>, size: number): AsyncGenerator<StoredCheckpoint> {
  for (let after: number | undefined; ;) {
    const page = await db
      .selectFrom('checkpoint')
      .selectAll()
      .where('size', '<=', size)
      .$if(after !== undefined, (query) => query.where('size', '>', after!))
      .orderBy('size')
      .limit(100)
      .execute();
    for (const row of page) yield { note: row.note, columns: { size: row.size, root: row.root, createdAt: row.created_at } };
    after = page.at(-1)?.size;
    if (after === undefined) return;
  }
}

function lastEntry(row: { readonly kind: string; readonly body: string; readonly created_at: number }): LastEntry {
  try {
    return { at: row.created_at, kind: row.kind, body: JSON.parse(row.body) as LastEntry['body'] };
  } catch (error) {
    return { at: row.created_at, kind: errorMessage(error), body: {} };
  }
}

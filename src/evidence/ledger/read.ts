import type { Kysely } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import type { Schema } from '../../store/schema/index.ts';
import { consistencyRanges, inclusionRanges } from './merkle/proofs.ts';
import { type EntryRange, foldSubtrees, type Subtree, subtreesOf } from './merkle/subtrees.ts';

/** How many entries the ledger has. */
export async function ledgerSize(db: Kysely<Schema>): Promise<number> {
  const last = await db.selectFrom('ledger').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst();
  return last === undefined ? 0 : last.position + 1;
}

/** Root over the first `size` entries, from O(log n) stored hashes. */
export async function rootAt(db: Kysely<Schema>, size: number): Promise<Buffer> {
  const [root] = await rangeHashes(db, [{ start: 0, end: size }]);
  return root!;
}

/** Proof that the entry at `position` is in the log of `size` entries. */
export async function inclusionProof(db: Kysely<Schema>, position: number, size: number): Promise<readonly Buffer[]> {
  return await rangeHashes(db, inclusionRanges(position, size));
}

/** Proof that the log of `second` entries is the log of `first`, continued. */
export async function consistencyProof(db: Kysely<Schema>, first: number, second: number): Promise<readonly Buffer[]> {
  return await rangeHashes(db, consistencyRanges(first, second));
}

/** Hashes of ranges, from their complete subtrees; two queries whatever their number. */
async function rangeHashes(db: Kysely<Schema>, ranges: readonly EntryRange[]): Promise<readonly Buffer[]> {
  const parts = ranges.map(subtreesOf);
  const hashes = await subtreeHashes(db, parts.flat());
  return parts.map((subtrees) => foldSubtrees(subtrees.map((subtree) => hashes.get(nameOf(subtree))!)));
}

async function subtreeHashes(db: Kysely<Schema>, subtrees: readonly Subtree[]): Promise<ReadonlyMap<string, Buffer>> {
  const leaves = subtrees.filter(({ level }) => level === 0).map(({ position }) => position);
  const nodes = subtrees.filter(({ level }) => level > 0);
  const rows: { level: number; position: number; hash: string }[] = [];
  if (nodes.length > 0) {
    const stored = await db
      .selectFrom('ledger_node')
      .selectAll()
      .where((where) => where.or(nodes.map(({ level, position }) => where.and({ level, position }))))
      .execute();
    rows.push(...stored);
  }
  if (leaves.length > 0) {
    const stored = await db.selectFrom('ledger').select(['position', 'leaf']).where('position', 'in', leaves).execute();
    rows.push(...stored.map(({ position, leaf }) => ({ level: 0, position, hash: leaf })));
  }
  const hashes = new Map(rows.map((row) => [nameOf(row), Buffer.from(row.hash, 'hex')]));
  for (const subtree of subtrees) {
    if (hashes.get(nameOf(subtree))?.length !== 32) {
      throw new CordonError('ledger.tampered', `the hash of ${describeSubtree(subtree)} is missing from the database`);
    }
  }
  return hashes;
}

/** A subtree as people find it: which entries it stands for. */
export function describeSubtree({ level, position }: Subtree): string {
  return level === 0
    ? `entry ${position}`
    : `entries ${position * 2 ** level} to ${(position + 1) * 2 ** level - 1} (level ${level}, ${position})`;
}

function nameOf({ level, position }: Subtree): string {
  return `${level}/${position}`;
}

import type { Kysely } from 'kysely';
import type { Schema } from '../../../store/schema/index.ts';
import { nodeHash } from '../merkle/hash.ts';
import type { Subtree } from '../merkle/subtrees.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { describeSubtree, rootAt } from '../read.ts';
import { Wrong, wrongEntry } from './problem.ts';

/**
 * A stored subtree is not what its entries give: says which of the two is wrong. Why this can be known: whoever changed the
 * one did not change what was computed from both, the subtree above or a signed checkpoint.
 */
export async function checkNode(db: Kysely<Schema>, node: Subtree & { readonly hash: string }, stored: string | undefined): Promise<never> {
  const start = node.position * 2 ** node.level;
  const end = start + 2 ** node.level;
  if (stored !== undefined && (await isConfirmed(db, node, stored))) {
    throw wrongEntry(start, 'they agree with their own hashes, but not with what was computed from them when they were appended', end);
  }
  throw new Wrong({
    kind: 'node',
    name: `hash of ${describeSubtree(node)}`,
    position: start,
    message: stored === undefined ? 'it is missing' : 'it is not the hash of its entries',
  });
}

/** Whether a stored hash is confirmed by what was computed from it. */
async function isConfirmed(db: Kysely<Schema>, { level, position }: Subtree, stored: string): Promise<boolean> {
  const parent = await nodeAt(db, level + 1, Math.floor(position / 2));
  if (parent !== undefined) {
    const sibling = await nodeAt(db, level, position % 2 === 0 ? position + 1 : position - 1);
    if (sibling === undefined) return false;
    const [left, right] = position % 2 === 0 ? [stored, sibling] : [sibling, stored];
    return nodeHash(Buffer.from(left, 'hex'), Buffer.from(right, 'hex')).toString('hex') === parent;
  }
  const end = (position + 1) * 2 ** level;
  const row = await db.selectFrom('checkpoint').select('note').where('size', '>=', end).orderBy('size', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return false;
  try {
    const checkpoint = parseCheckpoint(row.note);
    return (await rootAt(db, checkpoint.size)).equals(checkpoint.root);
  } catch {
    return false;
  }
}

async function nodeAt(db: Kysely<Schema>, level: number, position: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('ledger_node')
    .select('hash')
    .where('level', '=', level)
    .where('position', '=', position)
    .executeTakeFirst();
  return row?.hash;
}

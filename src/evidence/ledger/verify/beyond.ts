import type { Kysely } from 'kysely';
import type { Schema } from '../../../store/schema/index.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { ledgerSize } from '../read.ts';
import { Wrong, wrongEntry } from './problem.ts';

/** Throws when there are checkpoints or subtrees of entries that are not there: the end of the log was cut off. */
export async function requireNothingBeyond(db: Kysely<Schema>): Promise<void> {
  const newest = await db.selectFrom('checkpoint').select(['size', 'note']).orderBy('size', 'desc').limit(1).executeTakeFirst();
  const size = await ledgerSize(db);
  if (newest !== undefined && newest.size > size) {
    if (signedSize(newest.note) === newest.size)
      throw wrongEntry(size, `the log ends here, but ${newest.size} entries were signed`, newest.size);
    throw new Wrong({
      kind: 'checkpoint',
      name: `checkpoint ${newest.size}`,
      position: size,
      message: 'the row does not say what the signed note says',
    });
  }
  await requireNoStrayNodes(db);
}

function signedSize(note: string): number | undefined {
  try {
    return parseCheckpoint(note).size;
  } catch {
    return undefined;
  }
}

/** Subtrees that no entries belong to. Why the size is read last: whoever appends meanwhile only makes it larger. */
async function requireNoStrayNodes(db: Kysely<Schema>): Promise<void> {
  const levels = await db
    .selectFrom('ledger_node')
    .select(({ fn }) => ['level', fn.min<number>('position').as('least'), fn.max<number>('position').as('most')])
    .groupBy('level')
    .orderBy('level')
    .execute();
  const size = await ledgerSize(db);
  for (const { level, least, most } of levels) {
    const position = level < 1 || least < 0 ? least : most;
    if (level >= 1 && least >= 0 && (most + 1) * 2 ** level <= size) continue;
    throw new Wrong({
      kind: 'node',
      name: `hash ${position} of level ${level}`,
      position: Math.max(0, position * 2 ** level),
      message: `it belongs to no entries of a log of ${size}: entries were removed, or the hash was added`,
    });
  }
}

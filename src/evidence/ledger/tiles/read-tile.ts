import type { Kysely } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import type { Schema } from '../../../store/schema/index.ts';
import { entryBytes } from '../entry.ts';
import { TILE_WIDTH, type Tile } from './paths.ts';

/** The bytes of a tile or bundle, from the database. The caller knows from a checkpoint that the log is large enough for it. */
export async function readTile(db: Kysely<Schema>, tile: Tile): Promise<Buffer> {
  const start = tile.index * TILE_WIDTH;
  const end = start + tile.width;
  if (tile.level === 'entries') return await entryBundle(db, start, end);
  const rows =
    tile.level === 0
      ? await db
          .selectFrom('ledger')
          .select(['position', 'leaf as hash'])
          .where('position', '>=', start)
          .where('position', '<', end)
          .orderBy('position')
          .execute()
      : await db
          .selectFrom('ledger_node')
          .select(['position', 'hash'])
          .where('level', '=', tile.level * 8)
          .where('position', '>=', start)
          .where('position', '<', end)
          .orderBy('position')
          .execute();
  if (rows.length !== tile.width) throw missing(tile, start);
  return Buffer.concat(rows.map(({ hash }) => Buffer.from(hash, 'hex')));
}

async function entryBundle(db: Kysely<Schema>, start: number, end: number): Promise<Buffer> {
  const rows = await db
    .selectFrom('ledger')
    .select(['kind', 'body', 'created_at'])
    .where('position', '>=', start)
    .where('position', '<', end)
    .orderBy('position')
    .execute();
  if (rows.length !== end - start) throw missing({ level: 'entries', index: 0, width: 0 }, start);
  const parts: Buffer[] = [];
  for (const row of rows) {
    const bytes = entryBytes(row);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

function missing({ level }: Tile, start: number): CordonError {
  const what = level === 'entries' || level === 0 ? 'entries' : `hashes of level ${level * 8}`;
  return new CordonError(
    'ledger.tampered',
    `${what} from ${start} on are missing from the database: verify the ledger to find the first one`,
  );
}

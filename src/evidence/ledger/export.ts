import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { CordonError } from '../../core/errors.ts';
import type { Store } from '../../store/open-store.ts';
import { exportRecords } from './records/exported-batches.ts';
import { levelsOf, tilePath, tilesOf } from './tiles/paths.ts';
import { readTile } from './tiles/read-tile.ts';

/** What was exported. */
export interface LedgerExport {
  readonly entries: number;
  readonly checkpoints: number;
  readonly bytes: number;
}

/** The newest checkpoint, as C2SP tlog-tiles names it. */
export const CHECKPOINT_FILE = 'checkpoint';
/** Every checkpoint, oldest first: a line of JSON each. */
export const CHECKPOINTS_FILE = 'checkpoints.jsonl';
const PAGE = 500;

/** A line of {@link CHECKPOINTS_FILE}. */
export function checkpointLine(note: string): string {
  return canonicalJson({ note });
}

/**
 * Writes everything up to the newest checkpoint into a new folder: entries and tiles as C2SP tlog-tiles lays them out, and
 * all checkpoints. Memory does not grow with the ledger. The folder appears when it is complete.
 */
export async function exportLedger(store: Store, folder: string): Promise<LedgerExport> {
  const { db } = store;
  const newest = await db.selectFrom('checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  if (newest === undefined)
    throw new CordonError('ledger.refused', 'the ledger has no checkpoint yet, so there is nothing to verify an export by');
  await requireFree(folder);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  let bytes = 0;
  async function write(path: string, content: Buffer | string): Promise<void> {
    const target = join(partial, path);
    await mkdir(dirname(target), { recursive: true });
    const handle = await open(target, 'wx');
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    bytes += content.length;
  }
  for (const tile of tilesOf('entries', newest.size)) {
    await write(tilePath(tile), await readTile(db, tile));
    bytes += await exportRecords(db, partial, tile);
  }
  for (let level = 0; level < levelsOf(newest.size); level++) {
    for (const tile of tilesOf(level, newest.size)) await write(tilePath(tile), await readTile(db, tile));
  }
  const checkpoints = await writeCheckpoints(store, join(partial, CHECKPOINTS_FILE), newest);
  await write(CHECKPOINT_FILE, newest.note);
  await rename(partial, folder);
  return { entries: newest.size, checkpoints, bytes };
}

async function writeCheckpoints(store: Store, path: string, newest: { readonly size: number; readonly note: string }): Promise<number> {
  const handle = await open(path, 'wx');
  let count = 1;
  try {
    for (let after = -1; ;) {
      const page = await store.db
        .selectFrom('checkpoint')
        .select(['size', 'note'])
        .where('size', '>', after)
        .where('size', '<', newest.size)
        .orderBy('size')
        .limit(PAGE)
        .execute();
      await handle.writeFile(page.map(({ note }) => `${checkpointLine(note)}\n`).join(''));
      count += page.length;
      after = page.at(-1)?.size ?? newest.size;
      if (page.length < PAGE) break;
    }
    // Why from the row that was read first: a witness may sign meanwhile, and both files must say the same.
    await handle.writeFile(`${checkpointLine(newest.note)}\n`);
  } finally {
    await handle.close();
  }
  return count;
}

async function requireFree(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length > 0) throw new CordonError('usage.invalid', `${folder} is not empty`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

import { errorMessage } from '../../../core/errors.ts';
import { CHECKPOINT_FILE } from '../export.ts';
import { MAX_ENTRY_BYTES } from '../entry.ts';
import { CHECKPOINT_KIND } from '../make-checkpoint.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { leafHash } from '../merkle/hash.ts';
import { openCheckpoint } from '../note/checkpoint.ts';
import { MAX_NOTE_BYTES } from '../note/note.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { ExportedBatches } from '../records/exported-batches.ts';
import { RECORDS_EXPIRED_KIND, RECORDS_KIND } from '../records/record-batch.ts';
import { TILE_WIDTH, type Tile, tilePath, tilesOf } from '../tiles/paths.ts';
import { CheckpointChain, type LastEntry } from './checkpoint-chain.ts';
import { exportedCheckpoints, readExportFile } from './export-reader.ts';
import { type LedgerTrust, type LedgerVerification, Wrong, wrongEntry } from './problem.ts';
import { StoredTiles } from './stored-tiles.ts';

/** How the entry of a checkpoint ends: its canonical JSON has the kind last. */
const CHECKPOINT_END = Buffer.from(`"kind":"${CHECKPOINT_KIND}"}`);

const KINDS_OF_RECORDS = [RECORDS_KIND, RECORDS_EXPIRED_KIND].map((kind) => Buffer.from(`"kind":"${kind}"}`));

/**
 * Verifies an export without a server or network: every entry against its tile, every tile against its parent, every
 * checkpoint with its signatures and its predecessor. Names the first that is wrong. Memory does not grow with the log.
 */
export async function verifyLedgerExport(folder: string, trust: LedgerTrust): Promise<LedgerVerification> {
  const range = new CompactRange();
  const batches = new ExportedBatches(folder);
  let chain: CheckpointChain | undefined;
  const result = (problem: LedgerVerification['problem']): LedgerVerification => ({
    ok: problem === null,
    entries: range.size,
    checkpoints: chain?.checkpoints ?? 0,
    records: batches.records,
    signed: chain?.signed ?? 0,
    ...(chain?.cosignatures ?? { witnesses: {}, unknownSignatures: 0 }),
    problem,
  });
  try {
    const newest = await newestCheckpoint(folder, trust);
    chain = new CheckpointChain(exportedCheckpoints(folder, newest.text), trust);
    await chain.start();
    const tiles = new StoredTiles(folder, newest.size, newest.root);
    for (const bundle of tilesOf('entries', newest.size)) await verifyBundle(folder, bundle, range, { tiles, chain, batches });
    chain.end(newest.size);
    await batches.finish();
    return result(null);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return result(error.problem);
  }
}

async function newestCheckpoint(folder: string, trust: LedgerTrust): Promise<{ text: string; size: number; root: Buffer }> {
  const bytes = await readExportFile(folder, CHECKPOINT_FILE, MAX_NOTE_BYTES);
  const text = bytes?.toString('utf8') ?? '';
  const keys = trust.keys.map(parseVerifierKey);
  try {
    if (bytes === undefined) throw new Error('the file is missing');
    const { size, root } = openCheckpoint(text, keys);
    return { text, size, root };
  } catch (error) {
    throw new Wrong({ kind: 'checkpoint', name: CHECKPOINT_FILE, position: 0, message: errorMessage(error) });
  }
}

interface Compared {
  readonly tiles: StoredTiles;
  readonly chain: CheckpointChain;
  readonly batches: ExportedBatches;
}

async function verifyBundle(folder: string, bundle: Tile, range: CompactRange, { tiles, chain, batches }: Compared): Promise<void> {
  const bytes = await readExportFile(folder, tilePath(bundle), TILE_WIDTH * (MAX_ENTRY_BYTES + 2));
  if (bytes === undefined) throw wrongEntry(range.size, `${tilePath(bundle)} is missing or too large`);
  let at = 0;
  for (let index = 0; index < bundle.width; index++) {
    const position = bundle.index * TILE_WIDTH + index;
    const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : undefined;
    const entry = length === undefined || at + 2 + length > bytes.length ? undefined : bytes.subarray(at + 2, at + 2 + length);
    if (entry === undefined) throw wrongEntry(position, `${tilePath(bundle)} ends before the entry does`);
    at += 2 + entry.length;
    const leaf = leafHash(entry);
    await tiles.compare(0, position, leaf);
    const complete: { level: number; position: number; hash: Buffer }[] = [];
    range.append(leaf, (level, node, hash) => {
      if (level % 8 === 0) complete.push({ level: level / 8, position: node, hash });
    });
    for (const { level, position: node, hash } of complete) await tiles.compare(level, node, hash);
    if (KINDS_OF_RECORDS.some((end) => entry.subarray(-end.length).equals(end))) {
      const said = lastEntry(entry);
      if (said !== undefined) await batches.at(position, said.kind, said.body);
    }
    if (chain.due(range.size) || entry.subarray(-CHECKPOINT_END.length).equals(CHECKPOINT_END)) {
      await chain.at(range.size, range.root(), lastEntry(entry));
    }
  }
  if (at !== bytes.length) throw wrongEntry(range.size - 1, `${tilePath(bundle)} goes on after it`);
}

function lastEntry(bytes: Buffer): LastEntry | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as LastEntry;
  } catch {
    return undefined;
  }
}

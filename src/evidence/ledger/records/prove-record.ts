import type { Kysely } from 'kysely';
import type { Schema } from '../../../store/schema/index.ts';
import { entryBytes } from '../entry.ts';
import { leafHash } from '../merkle/hash.ts';
import { inclusionRanges } from '../merkle/proofs.ts';
import { foldSubtrees, subtreesOf } from '../merkle/subtrees.ts';
import { verifyInclusion } from '../merkle/verify-proof.ts';
import { inclusionProof } from '../read.ts';
import { batchBody, recordHash, RECORDS_KIND } from './record-batch.ts';
import { CompactRange } from '../merkle/compact-range.ts';

/** Everything that shows one record to be in the ledger, to somebody who has a checkpoint and nothing else. Hashes are hexadecimal. */
export interface RecordProof {
  /** Canonical JSON. */
  readonly record: string;
  /** Its place in the batch. */
  readonly number: number;
  /** From the record to the root that the entry commits to. */
  readonly batchProof: readonly string[];
  /** The entry of the ledger, as it was hashed. */
  readonly entry: string;
  readonly position: number;
  /** From the entry to the root of the log of `size` entries. */
  readonly ledgerProof: readonly string[];
  readonly size: number;
}

/** Proves a record in the log of `size` entries; undefined when there is none, or it is not in that log. */
export async function proveRecord(db: Kysely<Schema>, id: string, size: number): Promise<RecordProof | undefined> {
  const row = await db
    .selectFrom('gateway_exchange')
    .innerJoin('gateway_batch', 'gateway_batch.id', 'gateway_exchange.batch')
    .innerJoin('ledger', 'ledger.position', 'gateway_batch.position')
    .select(['gateway_exchange.batch', 'gateway_exchange.number', 'gateway_exchange.body as record'])
    .select(['ledger.position', 'ledger.kind', 'ledger.body', 'ledger.created_at'])
    .where('gateway_exchange.id', '=', id)
    .executeTakeFirst();
  if (row === undefined || row.position >= size) return undefined;
  const { batch, number, record, position } = row;
  const records = await db.selectFrom('gateway_exchange').select('body').where('batch', '=', batch).orderBy('number').execute();
  const leaves = records.map(({ body }) => recordHash(body));
  const proof = inclusionRanges(number, leaves.length).map(({ start, end }) =>
    foldSubtrees(subtreesOf({ start, end }).map(({ level, position: at }) => rootOf(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level)))),
  );
  const hex = (hashes: readonly Buffer[]): readonly string[] => hashes.map((one) => one.toString('hex'));
  return {
    record,
    number,
    batchProof: hex(proof),
    entry: entryBytes(row).toString(),
    position,
    ledgerProof: hex(await inclusionProof(db, position, size)),
    size,
  };
}

/** Checks a proof against the root of a checkpoint of `proof.size` entries. */
export function verifyRecord(proof: RecordProof, root: Uint8Array): boolean {
  const bytes = (hashes: readonly string[]): readonly Buffer[] => hashes.map((one) => Buffer.from(one, 'hex'));
  const { position, size } = proof;
  if (!verifyInclusion({ leaf: leafHash(Buffer.from(proof.entry)), position, size, root }, bytes(proof.ledgerProof))) return false;
  try {
    const entry = JSON.parse(proof.entry) as { kind?: unknown; body?: unknown };
    const body = entry.kind === RECORDS_KIND ? batchBody(entry.body) : undefined;
    if (body === undefined) return false;
    const claim = { leaf: recordHash(proof.record), position: proof.number, size: body.count, root: Buffer.from(body.root, 'hex') };
    return verifyInclusion(claim, bytes(proof.batchProof));
  } catch {
    return false;
  }
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}

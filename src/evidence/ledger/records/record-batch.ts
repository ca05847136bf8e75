import { hash } from 'node:crypto';
import type { Tx } from '../../../store/open-store.ts';
import { appendEntry } from '../append.ts';
import { CompactRange } from '../merkle/compact-range.ts';

/** Kind of the entry that commits to a batch of records. */
export const RECORDS_KIND = 'gateway.records';
/** Kind of the entry that says which batches were removed because their time was over. */
export const RECORDS_EXPIRED_KIND = 'gateway.records-expired';

/** What the entry of a batch says. */
export interface BatchBody {
  readonly batch: string;
  readonly count: number;
  /** RFC 6962 root over the records in their order, hexadecimal. */
  readonly root: string;
  /** The first bytes of the hash of each record, base64: of a changed batch they tell which record is wrong. */
  readonly hashes: string;
}

/** What the entry of an expiry says. */
export interface ExpiredBody {
  /** Batches of entries up to this one, included, are gone or about to go. */
  readonly through: number;
}

/** Why eight: they only locate what the root has found; 512 records take 5.5 KB of the 64 KB an entry may have. */
const SHORT_BYTES = 8;

/** RFC 6962 hash of a record. */
export function recordHash(record: string): Buffer {
  return hash('sha256', `\0${record}`, 'buffer');
}

/** Commits to records: canonical JSON, in their order. */
export function commitTo(batch: string, records: readonly string[]): BatchBody {
  const range = new CompactRange();
  const short = Buffer.allocUnsafe(records.length * SHORT_BYTES);
  for (const [number, record] of records.entries()) {
    const leaf = recordHash(record);
    leaf.copy(short, number * SHORT_BYTES, 0, SHORT_BYTES);
    range.append(leaf);
  }
  return { batch, count: records.length, hashes: short.toString('base64'), root: range.root().toString('hex') };
}

/** Whether a record is the one at this place of a batch, as far as its short hash tells. */
export function isRecordAt(body: BatchBody, number: number, record: string): boolean {
  const short = Buffer.from(body.hashes, 'base64').subarray(number * SHORT_BYTES, (number + 1) * SHORT_BYTES);
  return short.equals(recordHash(record).subarray(0, SHORT_BYTES));
}

/**
 * Commits to a batch of records by one entry. Why not an entry each: records come by the million, hold addresses of people, and must go
 * when their time is over, while the ledger keeps everything for ever.
 */
export async function appendBatch(tx: Tx, batch: string, records: readonly string[], at: number): Promise<number> {
  return (await appendEntry(tx, { kind: RECORDS_KIND, body: commitTo(batch, records), at })).position;
}

/** Reads what the entry of a batch says; undefined when it is no such entry. */
export function batchBody(body: unknown): BatchBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { batch, count, root, hashes } = body as Partial<Record<keyof BatchBody, unknown>>;
  if (typeof batch !== 'string' || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) return undefined;
  return typeof root === 'string' && typeof hashes === 'string' ? { batch, count, root, hashes } : undefined;
}

/** Up to which entry batches have expired, according to the entry of an expiry. */
export function expiredThrough(body: unknown): number {
  const through = typeof body === 'object' && body !== null ? (body as { through?: unknown }).through : undefined;
  return typeof through === 'number' && Number.isSafeInteger(through) ? through : -1;
}

import type { Tx } from '../../../store/open-store.ts';
import { appendEntry } from '../append.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { leafHash } from '../merkle/hash.ts';

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
}

/** What the entry of an expiry says. */
export interface ExpiredBody {
  /** Batches of entries up to this one, included, are gone or about to go. */
  readonly through: number;
}

/** Root over records: canonical JSON, in their order. */
export function recordsRoot(records: readonly string[]): Buffer {
  const range = new CompactRange();
  for (const record of records) range.append(leafHash(Buffer.from(record)));
  return range.root();
}

/**
 * Commits to a batch of records by one entry. Why not an entry each: records come by the million, hold addresses of people, and must go
 * when their time is over, while the ledger keeps everything for ever.
 */
export async function appendBatch(tx: Tx, batch: string, records: readonly string[], at: number): Promise<number> {
  const body: BatchBody = { batch, count: records.length, root: recordsRoot(records).toString('hex') };
  return (await appendEntry(tx, { kind: RECORDS_KIND, body, at })).position;
}

/** Reads what the entry of a batch says; undefined when it is no such entry. */
export function batchBody(body: unknown): BatchBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { batch, count, root } = body as Partial<Record<keyof BatchBody, unknown>>;
  return typeof batch === 'string' && typeof count === 'number' && Number.isSafeInteger(count) && count > 0 && typeof root === 'string'
    ? { batch, count, root }
    : undefined;
}

/** Up to which entry batches have expired, according to the entry of an expiry. */
export function expiredThrough(body: unknown): number {
  const through = typeof body === 'object' && body !== null ? (body as { through?: unknown }).through : undefined;
  return typeof through === 'number' && Number.isSafeInteger(through) ? through : -1;
}

import { canonicalJson } from '../../core/canonical-json.ts';
import { CordonError } from '../../core/errors.ts';
import { leafHash } from './merkle/hash.ts';

/** What is appended: what kind of act, and its particulars. */
export interface NewEntry {
  /** `token.created`, `version.promoted`: who reads the ledger filters by it. */
  readonly kind: string;
  /** Anything JSON can carry; never a secret, because nothing is ever removed. */
  readonly body: object;
  /** Epoch milliseconds; now if left out. */
  readonly at?: number;
}

/** Columns of the table that make up an entry. */
export interface EntryColumns {
  readonly kind: string;
  /** Canonical JSON. */
  readonly body: string;
  readonly created_at: number;
}

/** Why: entry bundles of C2SP tlog-tiles carry 16-bit lengths. Bigger things are named by their digest. */
export const MAX_ENTRY_BYTES = 65_535;
const KIND = /^(?=.{1,64}$)[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/;

/** Checks a new entry and writes it as columns. */
export function entryColumns(entry: NewEntry): EntryColumns {
  if (!KIND.test(entry.kind)) throw new CordonError('ledger.refused', `not a kind of entry: ${JSON.stringify(entry.kind.slice(0, 80))}`);
  const at = entry.at ?? Date.now();
  if (!Number.isSafeInteger(at) || at < 0)
    throw new CordonError('ledger.refused', 'the time of an entry is a whole number of milliseconds');
  const columns = { kind: entry.kind, body: canonicalJson(entry.body), created_at: at };
  const bytes = entryBytes(columns).length;
  if (bytes > MAX_ENTRY_BYTES) {
    throw new CordonError('ledger.refused', `an entry of kind ${entry.kind} has ${bytes} bytes, at most ${MAX_ENTRY_BYTES} are possible`);
  }
  return columns;
}

/** The bytes that are hashed and exported: canonical JSON of the time, the body and the kind. */
export function entryBytes(columns: EntryColumns): Buffer {
  return Buffer.from(`{"at":${columns.created_at},"body":${columns.body},"kind":${canonicalJson(columns.kind)}}`);
}

/** RFC 6962 hash of an entry, hexadecimal. */
export function entryHash(columns: EntryColumns): Buffer {
  return leafHash(entryBytes(columns));
}

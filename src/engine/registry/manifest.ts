import { createHash } from 'node:crypto';
import type { Tx } from '../../store/open-store.ts';

/** One file of a sealed set. */
export interface ManifestEntry {
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Rows of one insert. Why: SQLite takes 32,766 variables in a statement. */
const ROWS_AT_ONCE = 5_000;

/** SHA-256 over the lines `<sha256> <size> <path>\n`, sorted by the bytes of the path: names the set whatever protocol brought it. */
export function manifestDigest(entries: readonly ManifestEntry[]): string {
  const hash = createHash('sha256');
  for (const { sha256, size, path } of sortedByPath(entries)) hash.update(`${sha256} ${size} ${path}\n`);
  return hash.digest('hex');
}

/** Root digest of OpenSSF Model Signing 1.0: SHA-256 over the raw digests in the order of the paths. */
export function omsDigest(entries: readonly ManifestEntry[]): string {
  const hash = createHash('sha256');
  for (const { sha256 } of sortedByPath(entries)) hash.update(Buffer.from(sha256, 'hex'));
  return hash.digest('hex');
}

/** Entries in the order of the bytes of their paths, which is that of their code points. */
export function sortedByPath<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** Writes a manifest unless it is there, and answers its digest. */
export async function saveManifest(tx: Tx, entries: readonly ManifestEntry[], now: number): Promise<string> {
  const digest = manifestDigest(entries);
  const known = await tx.selectFrom('manifest').select('digest').where('digest', '=', digest).executeTakeFirst();
  if (known !== undefined) return digest;
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const inserted = await tx
    .insertInto('manifest')
    .values({ digest, oms_digest: omsDigest(entries), files: entries.length, bytes, created_at: now })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('digest')
    .executeTakeFirst();
  // Why: somebody else has just written the same set.
  if (inserted === undefined) return digest;
  const rows = sortedByPath(entries).map(({ path, sha256, size }) => ({ manifest: digest, path, sha256, size }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('manifest_entry')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
  return digest;
}

/** The files of a manifest, sorted by path. */
export async function loadManifest(tx: Pick<Tx, 'selectFrom'>, digest: string): Promise<ManifestEntry[]> {
  const rows = await tx.selectFrom('manifest_entry').select(['path', 'sha256', 'size']).where('manifest', '=', digest).execute();
  return sortedByPath(rows);
}

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
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
/** Paths that a copy leaves out; for more, everything is written anew. */
const GONE_AT_MOST = 1_000;
const BEHIND_SURROGATES = /[\ud800-\uffff]/;

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
  // Why: up to here code units have the same order, and comparing them needs no memory; databases answer in this order already.
  if (!entries.some(({ path }) => BEHIND_SURROGATES.test(path))) {
    const isSorted = entries.every(({ path }, index) => index === 0 || (entries[index - 1] as Entry).path <= path);
    return isSorted ? [...entries] : entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }
  return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** Files that a new manifest may share with one that is there. */
export interface Base {
  readonly digest: string;
  readonly entries: readonly ManifestEntry[];
}

/**
 * Writes a manifest unless it is there, and answers its digest. What it shares with `base` is copied inside the database. Why: most
 * commits change a few of many files.
 */
export async function saveManifest(tx: Tx, unsorted: readonly ManifestEntry[], now: number, base?: Base): Promise<string> {
  const entries = sortedByPath(unsorted);
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
  const fresh = base === undefined ? entries : await copyShared(tx, digest, entries, base);
  const rows = fresh.map(({ path, sha256, size }) => ({ manifest: digest, path, sha256, size }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('manifest_entry')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
  return digest;
}

/** Copies what both have, and answers what is left to write. */
async function copyShared(tx: Tx, digest: string, entries: readonly ManifestEntry[], base: Base): Promise<readonly ManifestEntry[]> {
  const after = new Map(entries.map((entry) => [entry.path, entry.sha256]));
  const gone = base.entries.filter(({ path, sha256 }) => after.get(path) !== sha256).map(({ path }) => path);
  if (gone.length > GONE_AT_MOST || gone.length * 2 > base.entries.length) return entries;
  await tx
    .insertInto('manifest_entry')
    .columns(['manifest', 'path', 'sha256', 'size'])
    .expression((from) => {
      const shared = from
        .selectFrom('manifest_entry')
        .select([sql<string>`cast(${digest} as text)`.as('manifest'), 'path', 'sha256', 'size'])
        .where('manifest', '=', base.digest);
      return gone.length === 0 ? shared : shared.where('path', 'not in', gone);
    })
    .execute();
  const before = new Map(base.entries.map((entry) => [entry.path, entry.sha256]));
  return entries.filter(({ path, sha256 }) => before.get(path) !== sha256);
}

/** The files of a manifest, sorted by path. */
export async function loadManifest(tx: Pick<Tx, 'selectFrom'>, digest: string): Promise<ManifestEntry[]> {
  const files = tx.selectFrom('manifest_entry').select(['path', 'sha256', 'size']).where('manifest', '=', digest);
  const rows = await files.orderBy('path').execute();
  return sortedByPath(rows);
}

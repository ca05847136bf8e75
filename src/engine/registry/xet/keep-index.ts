import { packLengths } from '../../../formats/xet/chunk-lengths.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';

/** A run of chunks of a xorb, with their lengths in bytes. */
export interface IndexedTerm {
  readonly xorb: string;
  readonly firstChunk: number;
  readonly lengths: readonly number[];
}

/** A whole file as its chunks were checked. */
export interface IndexedFile {
  readonly sha256: string;
  readonly hash: string;
  /** In the order of the file. */
  readonly terms: readonly IndexedTerm[];
}

/** Why: an answer lists all of them; a file of a terabyte in whole xorbs has 16,384. */
const TERMS_AT_MOST = 20_000;
/** Bytes for each chunk and term, on average. Why: the protocol cuts no smaller, and an index must not outgrow its file. */
const CHUNK_BYTES = 8 * 1024;
const TERM_BYTES = 64 * 1024;
/** Small files may be in smaller pieces. */
const ANYWAY = 16;
const ROWS_AT_ONCE = 500;
const DIGESTS_AT_ONCE = 5_000;

/** Whether the repository knows the chunks of this content. */
export async function hasIndex(context: RegistryContext, repository: Repository, sha256: string): Promise<boolean> {
  return (await xetHashes(context, repository, [sha256])).size > 0;
}

/** Names in the protocol of those of these contents whose chunks the repository knows. */
export async function xetHashes(
  context: RegistryContext,
  repository: Repository,
  digests: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (let from = 0; from < digests.length; from += DIGESTS_AT_ONCE) {
    const rows = await context.store.db
      .selectFrom('xet_file')
      .select(['sha256', 'hash'])
      .where('repository_id', '=', repository.id)
      .where('sha256', 'in', digests.slice(from, from + DIGESTS_AT_ONCE))
      .execute();
    for (const { sha256, hash } of rows) hashes.set(sha256, hash);
  }
  return hashes;
}

/**
 * Keeps which chunks a file is made of, so that it can be downloaded by Xet. The first way to cut it stays; one in too many
 * pieces is left out, and downloaded as a whole.
 */
export async function keepIndex(context: RegistryContext, repository: Repository, file: IndexedFile): Promise<void> {
  const { sha256, hash, terms } = file;
  const chunks = terms.reduce((sum, { lengths }) => sum + lengths.length, 0);
  const rows = rowsOf(repository, file);
  const size = rows.at(-1)?.end_byte ?? 0;
  const isFine = chunks <= size / CHUNK_BYTES + ANYWAY && terms.length <= Math.min(size / TERM_BYTES + ANYWAY, TERMS_AT_MOST);
  if (size === 0 || !isFine) return;
  await context.store.transaction(async (tx) => {
    if (!(await addFile(tx, { repository_id: repository.id, sha256, hash }))) return;
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await tx
        .insertInto('xet_term')
        .values(rows.slice(from, from + ROWS_AT_ONCE))
        .execute();
    }
  });
}

/** The same content in another repository: what is known of its chunks in the first is known in the second. Callers authorize both. */
export async function copyIndex(context: RegistryContext, from: Repository, to: Repository, digests: readonly string[]): Promise<void> {
  const known = await xetHashes(context, from, digests);
  for (const [sha256, hash] of known) {
    await context.store.transaction(async (tx) => {
      if (!(await addFile(tx, { repository_id: to.id, sha256, hash }))) return;
      await tx
        .insertInto('xet_term')
        .columns(['repository_id', 'sha256', 'start_byte', 'end_byte', 'xorb', 'first_chunk', 'chunks', 'lengths'])
        .expression(({ selectFrom, val, cast }) =>
          selectFrom('xet_term')
            .select([cast<string>(val(to.id), 'text').as('repository_id'), 'sha256', 'start_byte', 'end_byte', 'xorb'])
            .select(['first_chunk', 'chunks', 'lengths'])
            .where('repository_id', '=', from.id)
            .where('sha256', '=', sha256),
        )
        .execute();
    });
  }
}

/** False when it was there. */
async function addFile(tx: Tx, row: { readonly repository_id: string; readonly sha256: string; readonly hash: string }): Promise<boolean> {
  const made = await tx
    .insertInto('xet_file')
    .values(row)
    .onConflict((conflict) => conflict.columns(['repository_id', 'sha256']).doNothing())
    .returning('hash')
    .executeTakeFirst();
  return made !== undefined;
}

function rowsOf(repository: Repository, { sha256, terms }: IndexedFile) {
  let at = 0;
  return terms.map(({ xorb, firstChunk, lengths }) => {
    const start = at;
    at += lengths.reduce((sum, length) => sum + length, 0);
    return {
      repository_id: repository.id,
      sha256,
      start_byte: start,
      end_byte: at,
      xorb,
      first_chunk: firstChunk,
      chunks: lengths.length,
      lengths: packLengths(lengths),
    };
  });
}

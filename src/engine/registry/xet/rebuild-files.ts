import { CordonError } from '../../../core/errors.ts';
import { CHUNK_HEADER_BYTES, chunkContent, chunkHeader } from '../../../formats/xet/chunk.ts';
import { hashOfFile, type HashedChunk } from '../../../formats/xet/hash.ts';
import { readShard, SHARD_BYTES, type ShardFile, type ShardTerm } from '../../../formats/xet/shard.ts';
import type { XorbChunk } from '../../../formats/xet/xorb-reader.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize } from '../authorize.ts';
import { usableBlobs } from '../blob-rights.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { bounded, finishUpload } from '../upload.ts';
import { type Xorb, Xorbs } from './find-xorb.ts';
import { hasIndex, type IndexedTerm, keepIndex } from './keep-index.ts';

/** What the files of a shard became so far, in bytes. */
export interface Rebuilt {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Makes whole files of the chunks that a shard names, and compares each with its SHA-256. Only then may a commit refer to it.
 * Yields after each file and each term. Throws `format.*`, `input.mismatch`, `request.invalid`.
 */
export async function* rebuildFiles(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Rebuilt> {
  authorize(principal, 'write', repository);
  const xorbs = new Xorbs(context, repository);
  const spool = await context.blobs.stage();
  const progress = { files: 0, bytes: 0 };
  try {
    // Why all of it first: clients read no answer before they have sent everything.
    await spool.append(bounded(source, SHARD_BYTES));
    for await (const file of readShard((await spool.read()) as AsyncIterable<Uint8Array>)) {
      for await (const bytes of rebuildFile(context, principal, repository, xorbs, file)) {
        progress.bytes += bytes;
        yield { ...progress };
      }
      progress.files++;
      yield { ...progress };
    }
  } finally {
    await spool.discard();
  }
}

async function* rebuildFile(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  xorbs: Xorbs,
  file: ShardFile,
): AsyncGenerator<number> {
  const size = file.terms.reduce((sum, { length }) => sum + length, 0);
  if (size > context.config.registry.maxFileBytes)
    throw new CordonError('request.invalid', `a file of ${size} bytes is larger than allowed`);
  // Why only with an index: without one, what came by another way would never be there for downloads by Xet.
  if (file.sha256 !== undefined && (await hasIndex(context, repository, file.sha256))) {
    const usable = await usableBlobs(context.store.db, principal, repository, [file.sha256], context.now());
    if (usable.get(file.sha256) === size) return;
  }
  const staging = await context.blobs.stage();
  const chunks: HashedChunk[] = [];
  const terms: IndexedTerm[] = [];
  try {
    for (const term of file.terms) {
      const xorb = await xorbs.find(term.xorb);
      const wanted = chunksOf(xorb, term);
      for (const { hash, length } of wanted) chunks.push({ hash, length });
      terms.push({ xorb: term.xorb, firstChunk: term.start, lengths: wanted.map(({ length }) => length) });
      await staging.append(contentOf(context, xorb, term, wanted));
      yield term.length;
    }
    if (hashOfFile(chunks) !== file.hash) throw new CordonError('input.mismatch', 'the chunks of a file do not give its hash');
    const { sha256 } = await finishUpload(context, principal, repository, staging, { sha256: file.sha256, size });
    await keepIndex(context, repository, { sha256, hash: file.hash, terms });
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

function chunksOf(xorb: Xorb, term: ShardTerm): readonly XorbChunk[] {
  const wanted = xorb.chunks.slice(term.start, term.end);
  const length = wanted.reduce((sum, chunk) => sum + chunk.length, 0);
  if (term.end > xorb.chunks.length || length !== term.length) {
    throw new CordonError('request.invalid', 'a term of the shard does not fit the xorb that it names');
  }
  return wanted;
}

/** The chunks of a term, decompressed. They were checked when the xorb came in, and the whole file is checked at the end. */
async function* contentOf(context: RegistryContext, xorb: Xorb, term: ShardTerm, chunks: readonly XorbChunk[]): AsyncGenerator<Uint8Array> {
  const start = xorb.chunks[term.start - 1]?.end ?? 0;
  const end = chunks.at(-1)?.end ?? start;
  const bytes = await context.blobs.read(xorb.sha256, { start, end });
  let held: Buffer = Buffer.alloc(0);
  let at = start;
  let next = 0;
  for await (const piece of bytes as AsyncIterable<Uint8Array>) {
    held = held.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([held, piece]);
    let used = 0;
    for (let chunk = chunks[next]; chunk !== undefined && chunk.end - at <= held.length - used; chunk = chunks[++next]) {
      const stored = held.subarray(used, used + chunk.end - at);
      yield chunkContent(chunkHeader(stored, 0), stored.subarray(CHUNK_HEADER_BYTES));
      used += chunk.end - at;
      at = chunk.end;
    }
    held = held.subarray(used);
  }
  if (next < chunks.length) throw new CordonError('storage.corrupt', 'a stored xorb is shorter than it was');
}

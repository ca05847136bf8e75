import { Readable } from 'node:stream';
import { CordonError } from '../../../core/errors.ts';
import { unpackLengths } from '../../../formats/xet/chunk-lengths.ts';
import { CHUNK_HEADER_BYTES, plainChunk } from '../../../formats/xet/chunk.ts';
import type { RegistryContext } from '../context.ts';
import type { ServableFile } from '../read-file.ts';
import type { Repository } from '../repositories.ts';
import { type ChunkRange, storedBytes } from './reconstruct.ts';

/** Chunks that follow each other in the file. */
interface Segment {
  /** Where the first begins, in bytes of the file. */
  readonly at: number;
  readonly lengths: readonly number[];
}

/**
 * Chunks of a xorb as far as a file holds them, each with a header, uncompressed: made of the bytes of the file, so that no
 * byte is stored twice. Throws `file.missing` for chunks that the file does not hold.
 */
export async function openRun(
  context: RegistryContext,
  repository: Repository,
  file: ServableFile,
  wanted: ChunkRange,
): Promise<ServableFile> {
  const segments = await segmentsOf(context, repository, file.sha256, wanted);
  const size = segments.reduce((sum, { lengths }) => sum + storedBytes(lengths), 0);
  return {
    ...file,
    size,
    open: async (range = { start: 0, end: size }) => Readable.from(chunksOf(file, segments, range), { objectMode: false }),
  };
}

async function segmentsOf(
  context: RegistryContext,
  repository: Repository,
  sha256: string,
  { xorb, start, end }: ChunkRange,
): Promise<readonly Segment[]> {
  const rows = await context.store.db
    .selectFrom('xet_term')
    .select(['first_chunk', 'chunks'])
    // Why grouped: the same chunks may stand in a file thousands of times.
    .select(({ fn }) => [fn.min('start_byte').as('start_byte'), fn.min('lengths').as('lengths')])
    .where('repository_id', '=', repository.id)
    .where('sha256', '=', sha256)
    .where('xorb', '=', xorb)
    .where('first_chunk', '<', end)
    .groupBy(['first_chunk', 'chunks'])
    .orderBy('first_chunk')
    .execute();
  const segments: Segment[] = [];
  let next = start;
  for (const row of rows) {
    if (next >= end) break;
    if (row.first_chunk > next || row.first_chunk + row.chunks <= next) continue;
    const lengths = unpackLengths(row.lengths);
    const first = next - row.first_chunk;
    const taken = lengths.slice(first, end - row.first_chunk);
    segments.push({ at: lengths.slice(0, first).reduce((sum, length) => sum + length, row.start_byte), lengths: taken });
    next += taken.length;
  }
  if (next < end) throw new CordonError('file.missing', 'the file does not hold these chunks');
  return segments;
}

/** The bytes of a range, which may begin and end inside of chunks. */
async function* chunksOf(
  file: ServableFile,
  segments: readonly Segment[],
  range: { readonly start: number; readonly end: number },
): AsyncGenerator<Buffer> {
  let skip = range.start;
  let left = range.end - range.start;
  for (const { at, lengths } of segments) {
    let from = at;
    let first = 0;
    for (let length = lengths[first]; length !== undefined && skip >= length + CHUNK_HEADER_BYTES; length = lengths[++first]) {
      skip -= length + CHUNK_HEADER_BYTES;
      from += length;
    }
    let last = first;
    for (let bytes = 0; last < lengths.length && bytes < skip + left; last++) bytes += (lengths[last] as number) + CHUNK_HEADER_BYTES;
    if (last === first) continue;
    for await (const chunk of framed(file, from, lengths.slice(first, last))) {
      const part = chunk.subarray(skip, skip + left);
      skip = 0;
      left -= part.length;
      yield part;
    }
    if (left === 0) return;
  }
}

async function* framed(file: ServableFile, start: number, lengths: readonly number[]): AsyncGenerator<Buffer> {
  const end = lengths.reduce((sum, length) => sum + length, start);
  let next = 0;
  let chunk = plainChunk(lengths[next] as number);
  let filled = CHUNK_HEADER_BYTES;
  for await (const piece of (await file.open({ start, end })) as AsyncIterable<Uint8Array>) {
    for (let used = 0; used < piece.length;) {
      const part = piece.subarray(used, used + chunk.length - filled);
      chunk.set(part, filled);
      used += part.length;
      filled += part.length;
      if (filled < chunk.length) break;
      yield chunk;
      next++;
      chunk = plainChunk(lengths[next] ?? 0);
      filled = CHUNK_HEADER_BYTES;
    }
  }
  if (next < lengths.length) throw new CordonError('storage.corrupt', 'a stored file is shorter than it was');
}

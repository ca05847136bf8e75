import type { Selectable } from 'kysely';
import { unpackLengths } from '../../../formats/xet/chunk-lengths.ts';
import { CHUNK_HEADER_BYTES } from '../../../formats/xet/chunk.ts';
import type { XetTermTable } from '../../../store/schema/hub.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';

/** Chunks `start` to `end` (exclusive) of a xorb. */
export interface ChunkRange {
  readonly xorb: string;
  readonly start: number;
  readonly end: number;
}

/** What to put together, one after the other. */
export interface Term extends ChunkRange {
  /** Bytes of its chunks. */
  readonly length: number;
}

/** What to fetch: runs of one xorb neither overlap nor touch. */
export interface Run extends ChunkRange {
  /** Bytes with headers, as {@link openRun} gives them. */
  readonly bytes: number;
}

/** How a part of a file is put together from chunks. */
export interface Reconstruction {
  /** Bytes of the first term that come before the part. */
  readonly offset: number;
  readonly terms: readonly Term[];
  /** In the order of their xorbs. */
  readonly runs: readonly Run[];
}

interface Piece {
  readonly xorb: string;
  readonly start: number;
  readonly lengths: readonly number[];
}

/** How the bytes `start` to `end` (exclusive) of a file are put together. Callers authorize. */
export async function reconstruct(
  context: RegistryContext,
  repository: Repository,
  sha256: string,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Reconstruction> {
  const rows = await context.store.db
    .selectFrom('xet_term')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('sha256', '=', sha256)
    .where('start_byte', '<', end)
    .where('end_byte', '>', start)
    .orderBy('start_byte')
    .execute();
  const pieces: Piece[] = [];
  let offset = 0;
  for (const [index, row] of rows.entries()) {
    const { piece, skipped } = cutTo(row, start, end);
    if (index === 0) offset = start - row.start_byte - skipped;
    pieces.push(piece);
  }
  const terms = pieces.map(({ xorb, start: first, lengths }) => ({
    xorb,
    start: first,
    end: first + lengths.length,
    length: sum(lengths),
  }));
  return { offset, terms, runs: runsOf(pieces) };
}

/** The chunks of a term that hold something of the part, and how many bytes come before them. */
function cutTo(row: Selectable<XetTermTable>, start: number, end: number): { readonly piece: Piece; readonly skipped: number } {
  const lengths = unpackLengths(row.lengths);
  let at = row.start_byte;
  let first = 0;
  for (let length = lengths[first]; length !== undefined && at + length <= start; length = lengths[++first]) at += length;
  const skipped = at - row.start_byte;
  let last = first;
  for (; last < lengths.length && at < end; last++) at += lengths[last] as number;
  return { piece: { xorb: row.xorb, start: row.first_chunk + first, lengths: lengths.slice(first, last) }, skipped };
}

function runsOf(pieces: readonly Piece[]): readonly Run[] {
  const byXorb = new Map<string, Piece[]>();
  for (const piece of pieces) byXorb.set(piece.xorb, [...(byXorb.get(piece.xorb) ?? []), piece]);
  return [...byXorb].flatMap(([xorb, all]) => {
    const runs: { xorb: string; start: number; end: number; bytes: number }[] = [];
    for (const { start, lengths } of all.toSorted((a, b) => a.start - b.start)) {
      const open = runs.at(-1);
      if (open === undefined || start > open.end) {
        runs.push({ xorb, start, end: start + lengths.length, bytes: storedBytes(lengths) });
        continue;
      }
      open.bytes += storedBytes(lengths.slice(open.end - start));
      open.end = Math.max(open.end, start + lengths.length);
    }
    return runs;
  });
}

/** Bytes of chunks with their headers. */
export function storedBytes(lengths: readonly number[]): number {
  return sum(lengths) + lengths.length * CHUNK_HEADER_BYTES;
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0);
}

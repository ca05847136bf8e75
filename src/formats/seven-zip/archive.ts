import { crc32 } from 'node:zlib';
import type { Budget } from '../../core/budget.ts';
import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes, readExactly, viewOf } from '../bytes/read.ts';
import { uint64 } from '../zip/end-record.ts';
import { openFolder } from './content.ts';
import { type FileEntry, readFiles } from './files.ts';
import { HeaderReader } from './reader.ts';
import { SEVEN_ZIP_MAGIC } from './signature.ts';
import { type Folder, ID, readStreams, type Streams } from './streams.ts';

/** Bytes before the first packed stream. */
export const SIGNATURE_SIZE = 32;

/** A folder with the place of its packed data. */
export interface PackedFolder {
  readonly folder: Folder;
  readonly start: number;
  readonly length: number;
}

/** Bytes from `start` up to but without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What the headers of a 7z archive say. */
export interface SevenZipArchive {
  readonly folders: readonly PackedFolder[];
  readonly files: readonly FileEntry[];
  /** Byte ranges that hold headers or packed data, in order; all others belong to nobody. */
  readonly claimed: readonly Range[];
}

/** Reads the headers, inflating them where they are compressed. */
export function readSevenZip(source: ByteSource, budget: Budget): SevenZipArchive {
  const start = readExactly(source, 0, SIGNATURE_SIZE);
  const view = viewOf(start);
  if (!hasBytes(start, SEVEN_ZIP_MAGIC)) throw malformed('not a 7z archive');
  if (crc32(start.subarray(12)) !== view.getUint32(8, true)) throw malformed('7z start header checksum');
  const offset = SIGNATURE_SIZE + uint64(view, 12);
  const size = uint64(view, 20);
  const claimed: Range[] = [
    { start: 0, end: SIGNATURE_SIZE },
    { start: offset, end: offset + size },
  ];
  if (size === 0) return { folders: [], files: [], claimed };
  budget.checkBuffer(size);
  let header = readExactly(source, offset, size);
  if (crc32(header) !== view.getUint32(28, true)) throw malformed('7z header checksum');
  // A compressed header may be compressed again; each round must get it further.
  for (let round = 0; header[0] === ID.encodedHeader; round++) {
    if (round > 4) throw malformed('7z header is compressed again and again');
    header = inflateHeader(source, header, claimed, budget);
  }
  const { folders, files } = readHeader(new HeaderReader(header));
  claimed.push(...folders.map(rangeOf));
  return { folders, files, claimed: claimed.toSorted((a, b) => a.start - b.start) };
}

function readHeader(reader: HeaderReader): Omit<SevenZipArchive, 'claimed'> {
  if (reader.byte() !== ID.header) throw malformed('7z header');
  let streams: Streams = { packStart: 0, packSizes: [], folders: [] };
  let files: readonly FileEntry[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.mainStreams) streams = readStreams(reader);
    else if (id === ID.additionalStreams) readStreams(reader);
    else if (id === ID.files) files = readFiles(reader);
    else if (id === ID.archiveProperties) skipProperties(reader);
    else throw malformed(`7z header has unknown property ${id}`);
  }
  return { folders: locate(streams), files };
}

function skipProperties(reader: HeaderReader): void {
  while (reader.byte() !== ID.end) reader.take(reader.number());
}

function inflateHeader(source: ByteSource, encoded: Uint8Array, claimed: Range[], budget: Budget): Uint8Array {
  const reader = new HeaderReader(encoded.subarray(1));
  const [packed] = locate(readStreams(reader));
  if (packed === undefined) throw malformed('7z compressed header without data');
  claimed.push(rangeOf(packed));
  const content = openFolder(source, packed, budget);
  budget.checkBuffer(content.size);
  const failure = 'failure' in content ? content.failure : undefined;
  if (failure instanceof CordonError) throw failure;
  return readExactly(content, 0, content.size);
}

function rangeOf({ start, length }: PackedFolder): Range {
  return { start, end: start + length };
}

function locate({ packStart, packSizes, folders }: Streams): readonly PackedFolder[] {
  let start = SIGNATURE_SIZE + packStart;
  let stream = 0;
  return folders.map((folder) => {
    const sizes = packSizes.slice(stream, stream + folder.packedStreams);
    if (sizes.length < folder.packedStreams) throw malformed('7z folder without packed data');
    stream += folder.packedStreams;
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const packed = { folder, start, length };
    start += length;
    return packed;
  });
}

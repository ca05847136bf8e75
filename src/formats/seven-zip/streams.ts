import { malformed } from '../../core/errors.ts';
import type { HeaderReader } from './reader.ts';

/** Property ids of a 7z header. */
export const ID = {
  end: 0x00,
  header: 0x01,
  archiveProperties: 0x02,
  additionalStreams: 0x03,
  mainStreams: 0x04,
  files: 0x05,
  packInfo: 0x06,
  unpackInfo: 0x07,
  subStreams: 0x08,
  size: 0x09,
  crc: 0x0a,
  folder: 0x0b,
  unpackSize: 0x0c,
  streamCount: 0x0d,
  emptyStream: 0x0e,
  names: 0x11,
  attributes: 0x15,
  encodedHeader: 0x17,
} as const;

/** Why 32: what 7-Zip itself accepts. */
const MAX_CODERS = 32;

/** One step of a decoding chain. */
export interface Coder {
  /** Method id as hexadecimal digits. */
  readonly method: string;
  readonly properties: Uint8Array;
  readonly inputs: number;
  readonly outputs: number;
  /** Bytes that come out of it. */
  unpackSize: number;
}

/** A run of files compressed as one. */
export interface Folder {
  readonly coders: readonly Coder[];
  /** Which coder's input is fed by which coder's output. */
  readonly binds: readonly { readonly input: number; readonly output: number }[];
  readonly packedStreams: number;
  /** The checksum of the whole is stored with the folder, not with its only file. */
  hasChecksum: boolean;
  /** Sizes of the files in it, in order. */
  files: number[];
}

/** Where the compressed data is and how it was made. */
export interface Streams {
  /** Offset of the first packed stream behind the signature header. */
  readonly packStart: number;
  readonly packSizes: readonly number[];
  readonly folders: readonly Folder[];
}

/** Reads a streams block up to and including its end mark. */
export function readStreams(reader: HeaderReader): Streams {
  let pack = { packStart: 0, packSizes: [] as number[] };
  let folders: Folder[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.packInfo) pack = readPackInfo(reader);
    else if (id === ID.unpackInfo) folders = readFolders(reader);
    else if (id === ID.subStreams) readSubStreams(reader, folders);
    else throw malformed(`7z header has unknown streams property ${id}`);
  }
  return { ...pack, folders };
}

/** The size of what a folder unpacks to: that of the coder whose output feeds no other. */
export function folderSize({ coders, binds }: Folder): number {
  const last = coders.findIndex((_, i) => !binds.some((bind) => bind.output === i));
  return coders[last]?.unpackSize ?? 0;
}

function readPackInfo(reader: HeaderReader): { packStart: number; packSizes: number[] } {
  const packStart = reader.number();
  const count = reader.count();
  let packSizes: number[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.size) packSizes = Array.from({ length: count }, () => reader.number());
    else if (id === ID.crc) skipChecksums(reader, count);
    else throw malformed(`7z header has unknown pack property ${id}`);
  }
  return { packStart, packSizes };
}

function readFolders(reader: HeaderReader): Folder[] {
  if (reader.byte() !== ID.folder) throw malformed('7z header without folders');
  const count = reader.count();
  if (reader.byte() !== 0) throw malformed('7z header with external folders');
  const folders = Array.from({ length: count }, () => readFolder(reader));
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.unpackSize) readUnpackSizes(reader, folders);
    else if (id === ID.crc) for (const [i, defined] of skipChecksums(reader, count).entries()) (folders[i] as Folder).hasChecksum = defined;
    else throw malformed(`7z header has unknown folder property ${id}`);
  }
  for (const folder of folders) folder.files = [folderSize(folder)];
  return folders;
}

function readFolder(reader: HeaderReader): Folder {
  const coders: Coder[] = [];
  const coderCount = reader.count();
  if (coderCount === 0 || coderCount > MAX_CODERS) throw malformed(`7z folder with ${coderCount} coders`);
  for (let i = 0; i < coderCount; i++) coders.push(readCoder(reader));
  const inputs = coders.reduce((sum, coder) => sum + coder.inputs, 0);
  const outputs = coders.reduce((sum, coder) => sum + coder.outputs, 0);
  if (outputs === 0 || inputs < outputs - 1) throw malformed('7z folder whose coders do not fit together');
  const binds = Array.from({ length: outputs - 1 }, () => ({ input: reader.number(), output: reader.number() }));
  const packedStreams = inputs - binds.length;
  if (packedStreams > 1) for (let i = 0; i < packedStreams; i++) reader.number();
  return { coders, binds, packedStreams, hasChecksum: false, files: [] };
}

function readCoder(reader: HeaderReader): Coder {
  const flags = reader.byte();
  const method = Buffer.from(reader.take(flags & 0x0f)).toString('hex');
  const complex = (flags & 0x10) !== 0;
  const inputs = complex ? reader.number() : 1;
  const outputs = complex ? reader.number() : 1;
  if (inputs > MAX_CODERS || outputs > MAX_CODERS) throw malformed('7z coder with too many streams');
  const properties = (flags & 0x20) !== 0 ? reader.take(reader.number()) : new Uint8Array(0);
  return { method, properties, inputs, outputs, unpackSize: 0 };
}

function readUnpackSizes(reader: HeaderReader, folders: readonly Folder[]): void {
  for (const { coders } of folders) {
    for (const coder of coders) for (let i = 0; i < coder.outputs; i++) coder.unpackSize = reader.number();
  }
}

function readSubStreams(reader: HeaderReader, folders: readonly Folder[]): void {
  const counts = folders.map(() => 1);
  let id = reader.byte();
  if (id === ID.streamCount) {
    for (let i = 0; i < folders.length; i++) counts[i] = reader.count();
    id = reader.byte();
  }
  const hasSizes = id === ID.size;
  for (const [i, folder] of folders.entries()) {
    const count = counts[i] as number;
    if (!hasSizes && count > 1) throw malformed('7z header without sizes');
    let left = folderSize(folder);
    folder.files = [];
    for (let n = 0; n < count; n++) {
      const size = n < count - 1 ? reader.number() : left;
      if (size > left) throw malformed('7z files are larger than their folder');
      folder.files.push(size);
      left -= size;
    }
  }
  if (hasSizes) id = reader.byte();
  if (id === ID.crc) skipSubChecksums(reader, folders);
  else if (id !== ID.end) throw malformed(`7z header has unknown files property ${id}`);
}

/** Checksums are there for all files but those that are alone in a folder which has one. */
function skipSubChecksums(reader: HeaderReader, folders: readonly Folder[]): void {
  const unknown = folders.reduce((sum, folder) => sum + (folder.files.length === 1 && folder.hasChecksum ? 0 : folder.files.length), 0);
  skipChecksums(reader, unknown);
  if (reader.byte() !== ID.end) throw malformed('7z header: checksums without an end');
}

function skipChecksums(reader: HeaderReader, count: number): boolean[] {
  const defined = reader.optionalBits(count);
  reader.take(4 * defined.filter(Boolean).length);
  return defined;
}

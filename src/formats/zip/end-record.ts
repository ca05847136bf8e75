import type { ByteSource } from '../../core/source.ts';
import { hasBytes, viewOf } from '../bytes/read.ts';

/** Length of an end-of-central-directory record without its comment. */
export const END_SIZE = 22;
const END64_SIZE = 56;
const LOCATOR_SIZE = 20;
const MAX_COMMENT = 0xffff;

/** An end-of-central-directory record, and where the directory is that it speaks of. */
export interface EndRecord {
  readonly offset: number;
  /** Offset behind the comment, as far as the file goes. */
  readonly end: number;
  readonly entries: number;
  readonly directorySize: number;
  /** First byte of the zip64 record, or of this one where there is none. */
  readonly trailer: number;
  readonly zip64: boolean;
  /** The plain record contradicts the zip64 one, or they name another disk. */
  readonly contradicts: boolean;
  /**
   * Where readers look for the directory: right before the trailer (Python), and where the record says (miniz, Java). One
   * place in an ordinary file. Only places that hold a directory are listed.
   */
  readonly directories: readonly Directory[];
}

/** A place where a central directory lies. */
export interface Directory {
  readonly offset: number;
  /** What is added to the member offsets in it. Not 0 where something was put before the archive. */
  readonly shift: number;
}

/** Every record in the last 64 KiB that a reader may take for the end of the archive; the one most readers take is first. */
export function findEndRecords(source: ByteSource): readonly EndRecord[] {
  const size = source.size;
  const start = Math.max(0, size - END_SIZE - MAX_COMMENT);
  const tail = Buffer.from(source.read(start, END_SIZE + MAX_COMMENT));
  const records: EndRecord[] = [];
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0;) {
    if (at + END_SIZE <= tail.length) records.push(readEnd(source, start + at, tail.subarray(at, at + END_SIZE), size));
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1');
  }
  return records;
}

function readEnd(source: ByteSource, offset: number, bytes: Uint8Array, size: number): EndRecord {
  const view = viewOf(bytes);
  const plain = {
    entries: view.getUint16(10, true),
    size: view.getUint32(12, true),
    offset: view.getUint32(16, true),
  };
  const zip64 = readEnd64(source, offset);
  const { entries, size: directorySize, offset: declared } = zip64?.values ?? plain;
  const trailer = zip64?.start ?? offset;
  const disks = view.getUint16(4, true) !== 0 || view.getUint16(6, true) !== 0;
  return {
    offset,
    end: Math.min(size, offset + END_SIZE + view.getUint16(20, true)),
    entries,
    directorySize,
    trailer,
    zip64: zip64 !== undefined,
    contradicts:
      zip64 !== undefined &&
      ((plain.entries !== 0xffff && plain.entries !== entries) ||
        (plain.size !== 0xffffffff && plain.size !== directorySize) ||
        (plain.offset !== 0xffffffff && plain.offset !== declared) ||
        disks),
    directories: places(source, trailer - directorySize, declared, entries, trailer),
  };
}

function places(source: ByteSource, adjacent: number, declared: number, entries: number, trailer: number): Directory[] {
  const directories: Directory[] = [];
  if (holdsDirectory(source, adjacent, entries, trailer)) directories.push({ offset: adjacent, shift: adjacent - declared });
  if (adjacent !== declared && holdsDirectory(source, declared, entries, trailer)) directories.push({ offset: declared, shift: 0 });
  return directories;
}

function holdsDirectory(source: ByteSource, offset: number, entries: number, trailer: number): boolean {
  if (!(offset >= 0 && offset <= trailer)) return false;
  return entries === 0 || hasBytes(source.read(offset, 4), 'PK\x01\x02');
}

interface End64 {
  readonly start: number;
  readonly values: { readonly entries: number; readonly size: number; readonly offset: number };
}

/** The zip64 record: right before its locator as Python expects it, or where the locator says. */
function readEnd64(source: ByteSource, end: number): End64 | undefined {
  if (end < LOCATOR_SIZE) return undefined;
  const locator = source.read(end - LOCATOR_SIZE, LOCATOR_SIZE).slice();
  if (!hasBytes(locator, 'PK\x06\x07')) return undefined;
  const declared = uint64(viewOf(locator), 8);
  for (const start of [end - LOCATOR_SIZE - END64_SIZE, declared]) {
    if (!(start >= 0 && start + END64_SIZE <= end)) continue;
    const record = source.read(start, END64_SIZE).slice();
    if (record.length < END64_SIZE || !hasBytes(record, 'PK\x06\x06')) continue;
    const view = viewOf(record);
    return { start, values: { entries: uint64(view, 32), size: uint64(view, 40), offset: uint64(view, 48) } };
  }
  return undefined;
}

/** Little-endian 64-bit number. Beyond 2^53 it is no longer exact, but then it lies behind the end of every file anyway. */
export function uint64(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true);
}

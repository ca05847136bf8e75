import { malformed } from '../../core/errors.ts';
import { viewOf } from '../bytes/read.ts';
import { HeaderReader } from './reader.ts';
import { ID } from './streams.ts';

/** A file as the header lists it. */
export interface FileEntry {
  readonly name: string;
  /** False for folders and empty files. */
  readonly hasStream: boolean;
  /** Windows attributes; where bit 15 is set the upper half is the Unix mode. */
  readonly attributes: number;
}

const HAS_UNIX_MODE = 0x8000;
const MODE_TYPE = 0xf000;
const MODE_LINK = 0xa000;

/** True for a symbolic link stored by a Unix system. */
export function isLink({ attributes }: FileEntry): boolean {
  return (attributes & HAS_UNIX_MODE) !== 0 && ((attributes >>> 16) & MODE_TYPE) === MODE_LINK;
}

/** Reads the files block up to and including its end mark. */
export function readFiles(reader: HeaderReader): readonly FileEntry[] {
  // A name takes at least its terminator of two bytes.
  const count = reader.count(2);
  let empty: boolean[] = [];
  let names: string[] = [];
  let attributes: number[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    const property = new HeaderReader(reader.take(reader.number()));
    if (id === ID.emptyStream) empty = property.bits(count);
    else if (id === ID.names) names = readNames(property, count);
    else if (id === ID.attributes) attributes = readAttributes(property, count);
  }
  return Array.from({ length: count }, (_, i) => ({
    name: names[i] ?? '',
    hasStream: empty[i] !== true,
    attributes: attributes[i] ?? 0,
  }));
}

function readNames(reader: HeaderReader, count: number): string[] {
  if (reader.byte() !== 0) throw malformed('7z header with external names');
  const bytes = reader.take(reader.left);
  const names = Buffer.from(bytes).toString('utf16le').split('\0');
  if (names.length <= count) throw malformed('7z header lists fewer names than files');
  return names.slice(0, count);
}

function readAttributes(reader: HeaderReader, count: number): number[] {
  const defined = reader.optionalBits(count);
  if (reader.byte() !== 0) throw malformed('7z header with external attributes');
  return defined.map((present) => (present ? viewOf(reader.take(4)).getUint32(0, true) : 0));
}

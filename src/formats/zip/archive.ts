import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { type DirectoryListing, readDirectory } from './directory.ts';
import { type EndRecord, findEndRecords } from './end-record.ts';
import { type CentralHeader, type LocalHeader, readLocal } from './header.ts';
import { descriptorLength } from './descriptor.ts';

/** A member as both of its headers describe it. */
export interface Entry {
  readonly central: CentralHeader;
  /** Undefined where the directory points to something else. */
  readonly local: LocalHeader | undefined;
  /** Offset behind its content and data descriptor. */
  readonly end: number;
  /** The descriptor behind the content contradicts the directory. */
  readonly badDescriptor: boolean;
}

/** One reading of an archive: an end record, one place of its directory, and the members listed there. */
export interface Archive {
  readonly end: EndRecord;
  /** Where the directory was read, and where it really ended. */
  readonly directoryStart: number;
  readonly directoryEnd: number;
  readonly shift: number;
  readonly entries: readonly Entry[];
}

/**
 * Every reading of the archive that some reader arrives at: usually one; more where there are several end records, or where
 * a record and its position disagree. The one that most readers choose is first.
 */
export function readArchives(source: ByteSource, budget: Budget): readonly Archive[] {
  const archives: Archive[] = [];
  const seen = new Set<string>();
  for (const end of findEndRecords(source)) {
    // A stored member may be a zip itself; its end record is no second one of this archive.
    if (archives.some((archive) => archive.entries.some((entry) => contains(entry, end.offset)))) continue;
    for (const directory of end.directories) {
      const key = `${directory.offset} ${directory.shift}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const listing = readDirectory(source, end, directory, budget);
      archives.push({
        end,
        directoryStart: directory.offset,
        directoryEnd: listing.end,
        shift: directory.shift,
        entries: readEntries(source, listing, budget),
      });
    }
  }
  return archives;
}

function readEntries(source: ByteSource, { headers }: DirectoryListing, budget: Budget): readonly Entry[] {
  return headers.map((central) => {
    budget.charge('steps');
    const local = readLocal(source, central.localOffset);
    if (local === undefined) return { central, local, end: central.localOffset, badDescriptor: false };
    const dataEnd = local.dataStart + central.compressedSize;
    const streamed = (local.flags & 8) !== 0 || (central.flags & 8) !== 0;
    const descriptor = streamed ? descriptorLength(source, dataEnd, central) : 0;
    return { central, local, end: dataEnd + (descriptor ?? 0), badDescriptor: descriptor === undefined };
  });
}

function contains(entry: Entry, offset: number): boolean {
  return entry.local !== undefined && offset >= entry.local.dataStart && offset < entry.end;
}

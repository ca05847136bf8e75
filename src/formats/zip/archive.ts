import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { readDirectory } from './directory.ts';
import { type EndRecord, findEndRecords } from './end-record.ts';
import { type CentralHeader, FLAG, type LocalHeader, readLocal } from './header.ts';
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
        entries: listing.headers.map((central) => new LazyEntry(source, central)),
      });
    }
  }
  return archives;
}

/**
 * An entry that reads its local header and its descriptor when they are asked for, once. Why: inside a compressed file every
 * step back means inflating again, so that headers are read when the content behind them is.
 */
class LazyEntry implements Entry {
  readonly central: CentralHeader;
  readonly #source: ByteSource;
  #local: LocalHeader | undefined | null = null;
  #descriptor: number | undefined | null = null;

  constructor(source: ByteSource, central: CentralHeader) {
    this.#source = source;
    this.central = central;
  }

  get local(): LocalHeader | undefined {
    if (this.#local === null) this.#local = readLocal(this.#source, this.central.localOffset);
    return this.#local;
  }

  get end(): number {
    const { local, central } = this;
    return local === undefined ? central.localOffset : local.dataStart + central.compressedSize + (this.#descriptorLength(local) ?? 0);
  }

  get badDescriptor(): boolean {
    const { local } = this;
    return local !== undefined && this.#descriptorLength(local) === undefined;
  }

  #descriptorLength(local: LocalHeader): number | undefined {
    const { central } = this;
    if (((local.flags | central.flags) & FLAG.descriptor) === 0) return 0;
    if (this.#descriptor === null) this.#descriptor = descriptorLength(this.#source, local.dataStart + central.compressedSize, central);
    return this.#descriptor;
  }
}

function contains(entry: Entry, offset: number): boolean {
  return entry.local !== undefined && offset >= entry.local.dataStart && offset < entry.end;
}

import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { readExactly } from '../bytes/read.ts';
import { Cursor } from './cursor.ts';
import { Hdf5File } from './file.ts';
import { findSuperblock } from './signature.ts';

/** What the superblock says of the file as a whole. */
export interface Superblock {
  readonly file: Hdf5File;
  readonly version: number;
  /** Offset of the superblock, which is the length of the user block in front of it. */
  readonly userBlock: number;
  /** Offset right behind the last byte the file accounts for. */
  readonly end: number;
  readonly root: number;
  /** Object header with file-wide messages (versions 2 and 3). */
  readonly extension: number | undefined;
  /** Driver information block: the file was written as several files (versions 0 and 1). */
  readonly driverInfo: number | undefined;
}

/** Finds and reads the superblock, versions 0 to 3. */
export function readSuperblock(source: ByteSource, budget: Budget): Superblock {
  const at = findSuperblock(source);
  if (at === undefined) throw malformed('no HDF5 superblock');
  const head = readExactly(source, at, Math.min(112, source.size - at));
  const version = head[8] ?? -1;
  return version < 2 ? early(source, budget, at, head) : late(source, budget, at, head);
}

function early(source: ByteSource, budget: Budget, at: number, head: Uint8Array): Superblock {
  const lead = new Cursor(head, { offsets: 8, lengths: 8 });
  lead.skip(8);
  const version = lead.version('superblock', 0, 1);
  lead.skip(4);
  const sizes = { offsets: fieldSize(lead.u8()), lengths: fieldSize(lead.u8()) };
  const rest = new Cursor(head.subarray(version === 0 ? 24 : 28), sizes);
  const base = rest.address() ?? at;
  rest.address();
  const end = rest.definedAddress();
  const driverInfo = rest.address();
  rest.address();
  const root = rest.definedAddress();
  const file = new Hdf5File(source, at, sizes, budget);
  return { file, version, userBlock: at, end: endOffset(at, base, end), root, extension: undefined, driverInfo };
}

function late(source: ByteSource, budget: Budget, at: number, head: Uint8Array): Superblock {
  const lead = new Cursor(head, { offsets: 8, lengths: 8 });
  lead.skip(8);
  const version = lead.version('superblock', 2, 3);
  const sizes = { offsets: fieldSize(lead.u8()), lengths: fieldSize(lead.u8()) };
  const rest = new Cursor(head.subarray(12), sizes);
  const base = rest.address() ?? at;
  const extension = rest.address();
  const end = rest.definedAddress();
  const root = rest.definedAddress();
  const file = new Hdf5File(source, at, sizes, budget);
  return { file, version, userBlock: at, end: endOffset(at, base, end), root, extension, driverInfo: undefined };
}

/** The library trusts where it found the superblock more than the base address written in it, and moves the end along. */
function endOffset(at: number, base: number, end: number): number {
  return at + Math.max(0, end - base);
}

function fieldSize(size: number): number {
  if (size !== 2 && size !== 4 && size !== 8) throw malformed(`HDF5 field size ${size} is not supported by any writer`);
  return size;
}

import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Directory, EndRecord } from './end-record.ts';
import { type CentralHeader, CENTRAL_SIZE, parseCentral } from './header.ts';

const WINDOW = 256 * 1024;
/** Longest possible entry: the fixed part and three 16-bit lengths. */
const MAX_ENTRY = CENTRAL_SIZE + 3 * 0xffff;

/** The entries of a central directory and where it really ends. */
export interface DirectoryListing {
  readonly headers: readonly CentralHeader[];
  readonly end: number;
}

/** Reads all entries of a directory: as many as there are, whatever number the end record states. */
export function readDirectory(source: ByteSource, end: EndRecord, { offset, shift }: Directory, budget: Budget): DirectoryListing {
  const headers: CentralHeader[] = [];
  let at = offset;
  let base = offset;
  let window = source.read(base, WINDOW).slice();
  while (at < end.trailer) {
    if (at - base + MAX_ENTRY > window.length && base + window.length < end.trailer) {
      base = at;
      window = source.read(base, WINDOW).slice();
    }
    const header = parseCentral(window.subarray(at - base, end.trailer - base), shift);
    if (header === undefined) break;
    budget.charge('steps');
    headers.push(header);
    at += header.length;
  }
  return { headers, end: at };
}

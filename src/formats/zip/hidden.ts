import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../bytes/source.ts';
import { RawDeflateDecoder } from '../deflate/raw.ts';
import { InflatedSource } from '../inflate/inflated-source.ts';
import { canRead, METHOD } from './content.ts';
import { FLAG, LOCAL_SIZE, type LocalHeader, readLocal } from './header.ts';

const STEP = 1024 * 1024;
/** Newest version anybody needs to extract is 6.3; some writers put the system into the upper byte. */
const MAX_VERSION = 63;
const MAX_NAME = 1024;

/** A member that has a local header but is not in the directory. */
export interface HiddenMember {
  readonly header: LocalHeader;
  /** Offset behind its content as far as that can be told. */
  readonly end: number;
}

/** Local headers in a range, and what follows them: readers that stream an archive see these members too. */
export function* findHidden(source: ByteSource, start: number, end: number, budget: Budget): Generator<HiddenMember> {
  let at = start;
  while (at + LOCAL_SIZE <= end) {
    budget.charge('steps');
    const found = findSignature(source, at, end, budget);
    if (found === undefined) return;
    const header = readLocal(source, found);
    if (header === undefined || header.dataStart > end || !isPlausible(source, header)) {
      at = found + 4;
      continue;
    }
    const hidden = { header, end: contentEnd(source, header, end, budget) };
    yield hidden;
    at = Math.max(found + 4, hidden.end);
  }
}

function findSignature(source: ByteSource, start: number, end: number, budget: Budget): number | undefined {
  for (let at = start; at < end; at += STEP) {
    budget.checkTime();
    // Three bytes more, for a signature that straddles two steps.
    const bytes = source.read(at, Math.min(STEP + 3, end - at));
    const index = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('PK\x03\x04', 0, 'latin1');
    if (index >= 0) return at + index;
  }
  return undefined;
}

function isPlausible(source: ByteSource, header: LocalHeader): boolean {
  const version = source.read(header.offset + 4, 1)[0] ?? 0xff;
  if (version > MAX_VERSION || header.name.length === 0 || header.name.length > MAX_NAME) return false;
  // oxlint-disable-next-line no-control-regex -- names of real members have no control characters; random bytes do
  return !/[\u0000-\u001f]/.test(header.name) && (canRead(header.method) || header.method < 20 || header.method === METHOD.aes);
}

function contentEnd(source: ByteSource, header: LocalHeader, limit: number, budget: Budget): number {
  if (header.compressedSize > 0 || (header.flags & FLAG.descriptor) === 0) return Math.min(limit, header.dataStart + header.compressedSize);
  if (header.method !== METHOD.deflated) return nextMark(source, header.dataStart, limit, budget);
  const data = sliceSource(source, header.dataStart, limit - header.dataStart);
  return header.dataStart + new InflatedSource(() => new RawDeflateDecoder(data, 0), budget).end;
}

/** A stored member of unknown length ends at its descriptor or at the next member. */
function nextMark(source: ByteSource, start: number, limit: number, budget: Budget): number {
  for (let at = start; at < limit; at += STEP) {
    budget.checkTime();
    const view = source.read(at, Math.min(STEP + 3, limit - at));
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.length);
    const marks = ['PK\x07\x08', 'PK\x03\x04', 'PK\x01\x02'].map((mark) => bytes.indexOf(mark, 0, 'latin1')).filter((index) => index >= 0);
    if (marks.length > 0) return at + Math.min(...marks);
  }
  return limit;
}

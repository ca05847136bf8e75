import type { ByteSource } from '../../core/source.ts';
import type { Archive, Entry } from './archive.ts';

const STEP = 1024 * 1024;

/** Bytes that belong to no member and no directory. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  readonly kind: 'prefix' | 'between' | 'before-directory' | 'after-directory' | 'trailing';
}

/** What lies where. */
export interface Layout {
  readonly gaps: readonly Gap[];
  /** Pairs of members that share bytes, the earlier first. */
  readonly overlaps: readonly (readonly [Entry, Entry])[];
}

/** Accounts for every byte of an archive, as one of its readings sees it. */
export function layout(archive: Archive, size: number): Layout {
  const placed = archive.entries
    .filter((entry) => entry.local !== undefined)
    .toSorted((a, b) => a.central.localOffset - b.central.localOffset || a.end - b.end);
  const gaps: Gap[] = [];
  const overlaps: [Entry, Entry][] = [];
  let at = 0;
  let widest: Entry | undefined;
  for (const entry of placed) {
    const start = entry.central.localOffset;
    if (start > at) gaps.push({ start: at, end: start, kind: widest === undefined ? 'prefix' : 'between' });
    else if (start < at && widest !== undefined) overlaps.push([widest, entry]);
    if (entry.end > at) {
      at = entry.end;
      widest = entry;
    }
  }
  const last = widest === undefined ? 'prefix' : 'before-directory';
  if (archive.directoryStart > at) gaps.push({ start: at, end: archive.directoryStart, kind: last });
  const { end } = archive;
  if (archive.directoryEnd < end.trailer) gaps.push({ start: archive.directoryEnd, end: end.trailer, kind: 'after-directory' });
  if (end.end < size) gaps.push({ start: end.end, end: size, kind: 'trailing' });
  return { gaps, overlaps };
}

/** True when a range holds nothing but zero bytes, which is padding. */
export function isZero(source: ByteSource, start: number, end: number): boolean {
  for (let at = start; at < end; at += STEP) {
    const bytes = source.read(at, Math.min(STEP, end - at));
    if (bytes.length === 0) return true;
    for (const byte of bytes) if (byte !== 0) return false;
  }
  return true;
}

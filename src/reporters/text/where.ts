import type { Location } from '../../core/location.ts';
import { printable } from '../../core/printable.ts';

/** A location as people read it: `model.pt!archive/data.pkl @ byte 1234`, `config.json:12:4`. */
export function whereOf(location: Location): string {
  const { path, member, line, column, offset } = location;
  const name = printable(member === undefined ? path : `${path}!${member}`);
  if (line !== undefined) return column === undefined ? `${name}:${line}` : `${name}:${line}:${column}`;
  return offset === undefined ? name : `${name} @ byte ${offset}`;
}

/** Order of locations: path, member, then position. */
export function compareLocations(a: Location, b: Location): number {
  return (
    compareText(a.path, b.path) ||
    compareText(a.member ?? '', b.member ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    (a.offset ?? 0) - (b.offset ?? 0)
  );
}

/** Order of texts by UTF-16 unit. Why not localeCompare: its order depends on the machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

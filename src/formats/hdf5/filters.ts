import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';

/** One step of the pipeline that chunks went through when they were written. */
export interface Filter {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly number[];
}

/** Reads a filter pipeline message, versions 1 and 2. */
export function readFilters(cursor: Cursor): Filter[] {
  const version = cursor.version('filter pipeline', 1, 2);
  const count = cursor.u8();
  if (count > 32) throw malformed(`HDF5 pipeline of ${count} filters`);
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameLength = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const parameters = cursor.u16();
    const name = cursor.text(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    const values = Array.from({ length: parameters }, () => cursor.u32());
    if (version === 1 && parameters % 2 === 1) cursor.skip(Math.min(4, cursor.remaining));
    return { id, name, parameters: values };
  });
}

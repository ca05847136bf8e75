import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';

/** The shape of a dataset or attribute: no dimensions for a scalar, undefined for "null" (no elements at all). */
export type Shape = readonly bigint[] | undefined;

/** Reads a dataspace message, versions 1 and 2. */
export function readDataspace(cursor: Cursor): Shape {
  const version = cursor.version('dataspace', 1, 2);
  const rank = cursor.u8();
  if (rank > 32) throw malformed(`HDF5 dataspace has ${rank} dimensions`);
  cursor.skip(1);
  const kind = version === 1 ? 1 : cursor.u8();
  if (version === 1) cursor.skip(5);
  if (kind === 2) return undefined;
  return Array.from({ length: rank }, () => cursor.dimension());
}

/** Elements in a shape, exact at any size. */
export function elementCount(shape: Shape): bigint {
  return shape === undefined ? 0n : shape.reduce((product, dimension) => product * dimension, 1n);
}

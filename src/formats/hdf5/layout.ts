import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';

/** Where the values of a dataset are. */
export type Layout =
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  | { readonly kind: 'contiguous'; readonly address: number | undefined; readonly size: number | undefined }
  | { readonly kind: 'chunked'; readonly index: ChunkIndex }
  | { readonly kind: 'virtual'; readonly heap: number | undefined; readonly item: number };

/** How the chunks of a dataset are found. `chunk` is their shape in elements. */
export interface ChunkIndex {
  readonly type: 'btree-v1' | 'single' | 'implicit' | 'fixed-array' | 'extensible-array' | 'btree-v2';
  readonly address: number | undefined;
  readonly chunk: readonly number[];
  /** Stored bytes of a filtered single chunk. */
  readonly size?: number;
}

const INDEXES = ['single', 'implicit', 'fixed-array', 'extensible-array', 'btree-v2'] as const;
/** Bytes of creation parameters that stand before the address, by index type. */
const PARAMETER_BYTES = { single: 0, implicit: 0, 'fixed-array': 1, 'extensible-array': 5, 'btree-v2': 6 } as const;

/** Reads a data layout message, versions 1 to 5. */
export function readLayout(cursor: Cursor): Layout {
  const version = cursor.version('data layout', 1, 2, 3, 4, 5);
  return version < 3 ? early(cursor) : late(cursor, version);
}

function early(cursor: Cursor): Layout {
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  const address = kind === 0 ? undefined : cursor.address();
  const dimensions = Array.from({ length: rank }, () => cursor.u32());
  if (kind === 0) return { kind: 'compact', bytes: cursor.take(cursor.u32()) };
  if (kind === 1) return { kind: 'contiguous', address, size: undefined };
  if (kind === 2) return { kind: 'chunked', index: { type: 'btree-v1', address, chunk: dimensions.slice(0, -1) } };
  throw malformed(`HDF5 data layout class ${kind} is unknown`);
}

function late(cursor: Cursor, version: number): Layout {
  const kind = cursor.u8();
  if (kind === 0) return { kind: 'compact', bytes: cursor.take(cursor.u16()) };
  if (kind === 1) return { kind: 'contiguous', address: cursor.address(), size: cursor.length() };
  if (kind === 2 && version === 3) {
    const rank = cursor.u8();
    const address = cursor.address();
    const dimensions = Array.from({ length: rank }, () => cursor.u32());
    return { kind: 'chunked', index: { type: 'btree-v1', address, chunk: dimensions.slice(0, -1) } };
  }
  if (kind === 2) return { kind: 'chunked', index: lateIndex(cursor) };
  if (kind === 3 && version >= 4) return { kind: 'virtual', heap: cursor.address(), item: cursor.u32() };
  throw malformed(`HDF5 data layout class ${kind} is unknown`);
}

function lateIndex(cursor: Cursor): ChunkIndex {
  const flags = cursor.u8();
  const rank = cursor.u8();
  const encoded = cursor.u8();
  if (encoded < 1 || encoded > 8) throw malformed(`HDF5 chunk dimensions take ${encoded} bytes`);
  const chunk = Array.from({ length: rank }, () => cursor.uint(encoded)).slice(0, -1);
  const number = cursor.u8();
  const type = INDEXES[number - 1];
  if (type === undefined) throw malformed(`HDF5 chunk index ${number} is unknown`);
  if (type === 'single' && (flags & 2) !== 0) {
    const size = cursor.length();
    cursor.skip(4);
    return { type, size, address: cursor.address(), chunk };
  }
  cursor.skip(PARAMETER_BYTES[type]);
  return { type, address: cursor.address(), chunk };
}

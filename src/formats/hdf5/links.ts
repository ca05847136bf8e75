import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';

/** One name in a group. */
export type Link = { readonly name: string } & (
  | { readonly kind: 'hard'; readonly address: number }
  | { readonly kind: 'soft'; readonly target: string }
  | { readonly kind: 'external'; readonly file: string; readonly target: string }
  | { readonly kind: 'user'; readonly type: number }
);

const EXTERNAL_LINK = 64;

/** Reads a link message: the only version there is. */
export function readLink(cursor: Cursor): Link {
  cursor.version('link', 1);
  const flags = cursor.u8();
  const type = (flags & 0x08) === 0 ? 0 : cursor.u8();
  if ((flags & 0x04) !== 0) cursor.skip(8);
  if ((flags & 0x10) !== 0) cursor.skip(1);
  const name = cursor.text(cursor.uint(1 << (flags & 3)));
  if (type === 0) return { name, kind: 'hard', address: cursor.definedAddress() };
  const length = cursor.u16();
  if (type === 1) return { name, kind: 'soft', target: cursor.text(length) };
  if (type < EXTERNAL_LINK) throw malformed(`HDF5 link type ${type} is unknown`);
  if (type > EXTERNAL_LINK) return { name, kind: 'user', type };
  cursor.skip(1);
  return { name, kind: 'external', file: cursor.terminated(), target: cursor.terminated() };
}

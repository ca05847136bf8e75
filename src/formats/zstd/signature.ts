import { viewOf } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';
import { isSkippableMagic } from './skippable.ts';

/** First four bytes of a Zstandard frame, little-endian. */
export const ZSTD_MAGIC = 0xfd2fb528;

/** Zstandard by its magic number, behind a skippable frame where there is one. */
export const zstd: Signature = {
  format: 'zstd',
  matches: (head, source) => {
    if (head.length < 8) return false;
    const magic = viewOf(head).getUint32(0, true);
    if (magic === ZSTD_MAGIC) return true;
    if (!isSkippableMagic(magic)) return false;
    const next = source.read(8 + viewOf(head).getUint32(4, true), 4);
    return next.length === 4 && viewOf(next).getUint32(0, true) === ZSTD_MAGIC;
  },
};

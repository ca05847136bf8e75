import { viewOf } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** First four bytes of an LZ4 frame, little-endian. */
export const FRAME_MAGIC = 0x184d2204;
/** First four bytes of the frame that LZ4 used before 1.4. */
export const LEGACY_MAGIC = 0x184c2102;

/** LZ4 by magic number, version bits and block size; the legacy frame by magic number and a sane first block length. */
export const lz4: Signature = {
  format: 'lz4',
  matches: (head) => {
    if (head.length < 8) return false;
    const view = viewOf(head);
    if (view.getUint32(0, true) === LEGACY_MAGIC) return view.getUint32(4, true) <= 0x0080_8080;
    return view.getUint32(0, true) === FRAME_MAGIC && ((head[4] as number) & 0xc0) === 0x40 && ((head[5] as number) & 0x8f) === 0;
  },
};

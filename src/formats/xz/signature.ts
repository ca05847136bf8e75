import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** First six bytes of every xz stream. */
export const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

/** xz by its magic number. */
export const xz: Signature = { format: 'xz', matches: (head) => hasBytes(head, XZ_MAGIC) };

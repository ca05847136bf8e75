import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** First six bytes of a 7z archive. */
export const SEVEN_ZIP_MAGIC = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];

/** 7z by its magic number. */
export const sevenZip: Signature = { format: '7z', matches: (head) => hasBytes(head, SEVEN_ZIP_MAGIC) };

import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

const BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/** bzip2 by its header and the magic number of the first block, or of the end where there is none. */
export const bzip2: Signature = {
  format: 'bzip2',
  matches: (head) => isBzip2Header(head) && (hasBytes(head, BLOCK, 4) || hasBytes(head, END, 4)),
};

/** True for `BZh1` to `BZh9`. */
export function isBzip2Header(head: Uint8Array): boolean {
  const level = head[3] ?? 0;
  return hasBytes(head, 'BZh') && level >= 0x31 && level <= 0x39;
}

import type { Signature } from '../signature.ts';
import { BLOCK, isZeroBlock, parseTarHeader } from './header.ts';

/** A tar file by the checksum of its first header; by the magic number alone where that is there, so that a false checksum hides nothing. */
export const tar: Signature = {
  format: 'tar',
  matches: (head) => {
    if (head.length < BLOCK || head[0] === 0) return false;
    const block = head.subarray(0, BLOCK);
    const header = parseTarHeader(block);
    if (header.ustar) return true;
    // Archives older than 1988 have no magic number; what they do have must be in order.
    return !isZeroBlock(block) && header.checksumFits && header.size >= 0 && header.mode >= 0 && header.mode <= 0o777_777;
  },
};

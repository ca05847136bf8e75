import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

const MAGIC = '\x89HDF\r\n\x1a\n';

/**
 * Offset of the superblock: 0, or 512 and its doublings, where the library looks for it behind a user block. Undefined
 * when there is none below `limit`. Why a limit: each probe of a compressed member inflates up to there.
 */
export function findSuperblock(source: ByteSource, limit = Number.MAX_SAFE_INTEGER): number | undefined {
  for (let offset = 0; offset < limit; offset = offset === 0 ? 512 : offset * 2) {
    const bytes = source.read(offset, MAGIC.length);
    if (bytes.length < MAGIC.length) return undefined;
    if (hasBytes(bytes, MAGIC)) return offset;
  }
  return undefined;
}

/** HDF5 from its first byte. */
export const hdf5: Signature = { format: 'hdf5', matches: (head) => hasBytes(head, MAGIC) };

/** HDF5 behind a user block of up to 512 KiB that is nothing else by itself: MATLAB 7.3 writes 512 bytes of text. */
export const hdf5BehindUserBlock: Signature = {
  format: 'hdf5',
  matches: (_head, source) => findSuperblock(source, 1 << 20) !== undefined,
};

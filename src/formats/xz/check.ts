import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64 } from './crc64.ts';

/** Length in bytes of the check after each block, by its id. */
export const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

/** Computes the integrity check of a block. */
export interface Check {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** The check with this id; undefined for "none" and for ids that nobody has ever assigned. */
export function openCheck(id: number): Check | undefined {
  if (id === 1) return crc32Check();
  if (id === 4) return new Crc64();
  if (id !== 10) return undefined;
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function crc32Check(): Check {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => new Uint8Array(Uint32Array.of(crc).buffer),
  };
}

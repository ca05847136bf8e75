import { createCipheriv, createHash } from 'node:crypto';

const BLOCK = 1 << 20;

/** A file that is made while it is sent: nothing of it is kept. */
export interface MadeFile {
  readonly seed: number;
  readonly size: number;
  readonly sha256: string;
}

/** Pseudo-random content in which no two blocks are the same. */
export async function fileOf(seed: number, size: number): Promise<MadeFile> {
  const hash = createHash('sha256');
  for (const block of blocks(seed, size)) hash.update(block);
  return { seed, size, sha256: hash.digest('hex') };
}

/** The bytes of a made file. */
export function* blocks(seed: number, size: number): Generator<Buffer> {
  const key = Buffer.alloc(16);
  key.writeUInt32LE(seed, 0);
  const first = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(BLOCK));
  for (let at = 0; at < size; at += BLOCK) {
    const block = Buffer.from(first);
    block.writeUInt32LE(at / BLOCK, 0);
    yield block.subarray(0, Math.min(BLOCK, size - at));
  }
}

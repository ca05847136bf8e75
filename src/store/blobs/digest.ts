import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CordonError } from '../../core/errors.ts';

/** Above this a file has no git hash: nobody compares large files with it, and it would cost a second pass over them. */
export const GIT_SHA1_BYTES = 16 * 1024 * 1024;

/** The digest if it is one. Why: it becomes part of a file name, so nothing else may pass. */
export function checkedDigest(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new CordonError('input.mismatch', 'a SHA-256 digest is 64 lower-case hexadecimal digits');
  return sha256;
}

/** SHA-1 of a file as git names it: over `blob <size>`, a NUL and the bytes. Null above {@link GIT_SHA1_BYTES}. */
export async function gitSha1(path: string, size: number): Promise<string | null> {
  if (size > GIT_SHA1_BYTES) return null;
  const hash = createHash('sha1').update(`blob ${size}\0`);
  if (size > 0) for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

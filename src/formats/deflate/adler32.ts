/** Why 5552: the most additions before the 32-bit sums can overflow (RFC 1950). */
const RUN = 5552;
const BASE = 65521;

/** Adler-32 of `bytes`, continuing from `previous` (1 at the start). */
export function adler32(bytes: Uint8Array, previous: number): number {
  let a = previous & 0xffff;
  let b = previous >>> 16;
  for (let i = 0; i < bytes.length;) {
    const end = Math.min(i + RUN, bytes.length);
    for (; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= BASE;
    b %= BASE;
  }
  return ((b << 16) | a) >>> 0;
}

import { createHash } from 'node:crypto';

/** How many different contents there are: few, so that uploads, adoptions and collections of the same one meet all the time. */
const CONTENTS = 40;

/** The bytes with this number, always the same: from one byte to 700 kB. */
export function content(number: number): Buffer {
  const index = number % CONTENTS;
  const seed = createHash('sha256').update(`content ${index}`).digest();
  return Buffer.alloc(1 + index * index * 450, seed);
}

/** Any number below `limit`. */
export function dice(limit: number): number {
  return Math.floor(Math.random() * limit);
}

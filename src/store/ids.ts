import { randomBytes } from 'node:crypto';

let lastMs = 0;
let sequence = 0;
/** Why a supply: asking the system for eight bytes costs ten times as much as everything else. */
let pool = randomBytes(4_096);
let used = 0;

/**
 * A UUIDv7 (RFC 9562) as text: sorts by the time it was made, also within one millisecond of one process. Why not random
 * ids: rows that belong together stay together on disk, and lists by id are lists by age.
 */
export function newId(now: number = Date.now()): string {
  // 12 bits of counter; when they run out, or the clock steps back, the time is borrowed from the future.
  if (now > lastMs) [lastMs, sequence] = [now, 0];
  else if (++sequence > 0xfff) [lastMs, sequence] = [lastMs + 1, 0];
  if (used === pool.length) [pool, used] = [randomBytes(pool.length), 0];
  const random = pool.subarray(used, (used += 8));
  random[0] = ((random[0] as number) & 0x3f) | 0x80;
  const time = lastMs.toString(16).padStart(12, '0');
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { CordonError } from '../../../../core/errors.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Epoch seconds at which the machine started. */
  readonly boot: number;
  /** Start of the process in ticks of the machine, where the system tells. */
  readonly ticks: string | null;
}

const FILE = 'owner.json';
/** Why: the start of the machine is computed from two clocks. */
const BOOT_SECONDS = 10;

/**
 * Makes this process the owner of a folder of journals. Throws `storage.busy` when another living process of this machine is: two would
 * remove each other's files. What a dead one left does not count, and neither does a process of another machine or container, which
 * cannot be looked for.
 */
export function ownFolder(folder: string): () => void {
  const path = join(folder, FILE);
  const other = readOwner(path);
  if (other !== undefined && isAlive(other))
    throw new CordonError('storage.busy', `process ${other.pid} writes the journals of the gateway in ${folder}`);
  const me: Owner = { pid: process.pid, host: hostname(), boot: bootTime(), ticks: startTicks(process.pid) };
  writeFileSync(path, JSON.stringify(me), { mode: 0o600 });
  return () => {
    if (readOwner(path)?.pid === process.pid) unlinkSync(path);
  };
}

/** Whether a living process owns a folder. */
export function isOwned(folder: string): boolean {
  const owner = readOwner(join(folder, FILE));
  return owner !== undefined && isAlive(owner);
}

function readOwner(path: string): Owner | undefined {
  try {
    const { pid, host, boot, ticks } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner>;
    return Number.isSafeInteger(pid) ? { pid: pid!, host: host ?? '', boot: boot ?? 0, ticks: ticks ?? null } : undefined;
  } catch {
    // Why: a file that was cut off was written by a process that died while it started.
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname() || Math.abs(owner.boot - bootTime()) > BOOT_SECONDS) return false;
  if (owner.pid === process.pid && owner.ticks === startTicks(process.pid)) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const ticks = startTicks(owner.pid);
  return ticks === null || owner.ticks === null || ticks === owner.ticks;
}

function bootTime(): number {
  return Math.round(Date.now() / 1_000 - uptime());
}

/** Field 22 of /proc/PID/stat; what is before it may hold blanks and ends with the last parenthesis. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Limits } from '../core/budget.ts';
import { BUILD } from './build.ts';
import type { FileInspection } from './inspect-file.ts';

/** Hexadecimal SHA-256 in front of every entry. */
const DIGEST_LENGTH = 64;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Key of an inspection: the content, the whole program that judged it (its build covers engine version and rule set), the
 * path, which scanners may look at, and the limits.
 */
export function cacheKey(sha256: string, path: string, limits: Limits): string {
  return createHash('sha256')
    .update(JSON.stringify([sha256, BUILD, path, limits]))
    .digest('hex');
}

/** A remembered inspection; undefined when there is none, or none that can be trusted. */
export function readCached(folder: string | undefined, key: string): FileInspection | undefined {
  if (folder === undefined) return undefined;
  try {
    const text = readOwn(fileOf(folder, key));
    const content = text.slice(DIGEST_LENGTH);
    // Why a digest: a torn or damaged entry must be no entry, not a report that says less.
    if (digestOf(key, content) !== text.slice(0, DIGEST_LENGTH)) return undefined;
    return JSON.parse(content) as FileInspection;
  } catch {
    return undefined;
  }
}

/** Remembers an inspection. Failing to is no failure of the scan. */
export function writeCached(folder: string | undefined, key: string, inspection: FileInspection): void {
  if (folder === undefined || !isLasting(inspection)) return;
  const file = fileOf(folder, key);
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const content = JSON.stringify(inspection);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, digestOf(key, content) + content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch {
    // A full or read-only disk only means that the next scan reads the file again.
  }
}

/** What a failed scanner or a failing disk left out may be there the next time. */
function isLasting({ plugins, sightings }: FileInspection): boolean {
  return !plugins.some(({ status }) => status === 'failed') && !sightings.some(({ rule }) => rule === 'engine.unreadable');
}

/** Reads a file that nobody else could have written. Why: whoever can write an entry decides what the next scan says. */
function readOwn(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
  try {
    const { uid, mode } = fstatSync(descriptor);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0);
    return isOwn ? readFileSync(descriptor, 'utf8') : '';
  } finally {
    closeSync(descriptor);
  }
}

function digestOf(key: string, content: string): string {
  return createHash('sha256').update(key).update(content).digest('hex');
}

function fileOf(folder: string, key: string): string {
  return join(folder, key.slice(0, 2), `${key}.json`);
}

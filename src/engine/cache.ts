import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Limits } from '../core/budget.ts';
import { BUILD } from './build.ts';
import type { FileInspection } from './inspect-file.ts';

/**
 * Key of an inspection: the content, the whole program that judged it (its build covers engine version and rule set), the
 * path, which scanners may look at, and the limits.
 */
export function cacheKey(sha256: string, path: string, limits: Limits): string {
  return createHash('sha256')
    .update(JSON.stringify([sha256, BUILD, path, limits]))
    .digest('hex');
}

/** A remembered inspection; undefined when there is none or it cannot be read. */
export function readCached(folder: string | undefined, key: string): FileInspection | undefined {
  if (folder === undefined) return undefined;
  try {
    const entry = JSON.parse(readFileSync(fileOf(folder, key), 'utf8')) as { key?: string; inspection?: FileInspection };
    return entry.key === key ? entry.inspection : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers an inspection. Failing to is no failure of the scan. */
export function writeCached(folder: string | undefined, key: string, inspection: FileInspection): void {
  if (folder === undefined || inspection.plugins.some((plugin) => plugin.status === 'failed')) return;
  const file = fileOf(folder, key);
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify({ key, inspection }), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // A full or read-only disk only means that the next scan reads the file again.
  }
}

function fileOf(folder: string, key: string): string {
  return join(folder, key.slice(0, 2), `${key}.json`);
}

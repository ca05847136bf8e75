import type { FileChange } from '../commit.ts';
import type { ManifestEntry } from '../manifest.ts';

/** What a proposed change does to a branch. */
export interface MergedFiles {
  readonly changes: readonly FileChange[];
  /** Paths that both sides changed, each in its way. */
  readonly conflicts: readonly string[];
}

/** Applies what happened between `base` and `proposed` to `target`, file by file. */
export function mergeFiles(
  base: readonly ManifestEntry[],
  target: readonly ManifestEntry[],
  proposed: readonly ManifestEntry[],
): MergedFiles {
  const [before, now, wanted] = [digests(base), digests(target), digests(proposed)];
  const changes: FileChange[] = [];
  const conflicts: string[] = [];
  for (const path of new Set([...before.keys(), ...wanted.keys()])) {
    const [old, current, next] = [before.get(path), now.get(path), wanted.get(path)];
    if (next === old || next === current) continue;
    if (current !== old) conflicts.push(path);
    else changes.push(next === undefined ? { change: 'delete', path } : { change: 'put', path, sha256: next });
  }
  return { changes, conflicts };
}

function digests(entries: readonly ManifestEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map(({ path, sha256 }) => [path, sha256]));
}

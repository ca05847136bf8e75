import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Which configuration file counts, and which were found but do not. */
export interface FoundConfig {
  readonly file: string | undefined;
  /** Files inside what is scanned. */
  readonly ignored: readonly string[];
}

const NAME = 'cordon.yaml';

/**
 * Looks for a cordon.yaml: in the scanned paths when their author is trusted, else in the working directory unless that is
 * scanned too. Why: a configuration inside what is scanned would let the sender waive his own findings.
 */
export function findConfig(given: readonly string[], cwd: string, isTreeTrusted: boolean): FoundConfig {
  const inside = given.map((path) => join(resolve(cwd, path), NAME)).filter((file) => existsSync(file));
  if (isTreeTrusted && inside[0] !== undefined) return { file: inside[0], ignored: [] };
  const own = join(cwd, NAME);
  if (!existsSync(own)) return { file: undefined, ignored: inside };
  const isScanned = given.some((path) => contains(resolve(cwd, path), own));
  return isScanned && !isTreeTrusted ? { file: undefined, ignored: [...new Set([...inside, own])] } : { file: own, ignored: inside };
}

/** By real paths: a link to the working directory must not hide that it is scanned. */
function contains(folder: string, file: string): boolean {
  const way = relative(real(folder), real(file));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

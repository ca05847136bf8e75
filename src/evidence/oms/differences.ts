import type { HashFailure } from './hash-model.ts';
import type { Obstacle } from './list-files.ts';
import type { Resource } from './manifest.ts';
import { compareNames } from './names.ts';

/** One way in which a model is not the signed one. */
export interface Difference {
  readonly kind: 'missing' | 'extra' | 'changed' | 'ignored' | Obstacle['kind'];
  readonly path: string;
  readonly message: string;
}

/** Compares the signed resources with those found, as sets, byte for byte. */
export function resourceDifferences(
  signed: readonly Resource[],
  found: readonly Resource[],
  failures: readonly HashFailure[] = [],
): Difference[] {
  const unreadable = new Map(failures.map(({ path, message }) => [path, message]));
  const actual = new Map(found.map((resource) => [keyOf(resource), resource]));
  const known = new Set(signed.map(({ path }) => path));
  const present = new Set(found.map(({ path }) => path));
  const byPath = new Map<string, Difference>();
  for (const resource of signed) {
    const { path, digest } = resource;
    const reason = unreadable.get(path);
    if (reason !== undefined) byPath.set(path, { kind: 'unreadable', path, message: reason });
    else if (!present.has(path)) byPath.set(path, { kind: 'missing', path, message: 'was signed and is missing' });
    else if (actual.get(keyOf(resource))?.digest !== digest)
      byPath.set(path, { kind: 'changed', path, message: 'has other content than was signed' });
  }
  const signedKeys = new Set(signed.map(keyOf));
  for (const resource of found) {
    const { path } = resource;
    if (signedKeys.has(keyOf(resource)) || byPath.has(path)) continue;
    byPath.set(
      path,
      known.has(path)
        ? { kind: 'changed', path, message: 'has other content than was signed' }
        : { kind: 'extra', path, message: 'is not among the signed files' },
    );
  }
  return [...byPath.values()].sort((a, b) => compareNames(a.path, b.path));
}

function keyOf({ path, start, end }: Resource): string {
  return start === undefined ? path : `${path}:${start}:${end}`;
}

/** Why unpacking this name would write elsewhere than below the target folder; undefined for an ordinary name. */
export type PathDanger = 'absolute' | 'traversal' | 'nul';

/** Judges the name of an archive member as an unpacker on any system might resolve it. */
export function pathDanger(name: string): PathDanger | undefined {
  if (name.includes('\0')) return 'nul';
  if (/^[/\\]|^[A-Za-z]:/.test(name)) return 'absolute';
  return depthBelow(name, 0) ? 'traversal' : undefined;
}

/** True when a link stored as `name` that points to `target` leaves the folder the archive is unpacked to. */
export function linkEscapes(name: string, target: string): boolean {
  if (pathDanger(target) === 'absolute' || target.includes('\0')) return true;
  const depth = segments(name).length - 1;
  return depthBelow(target, Math.max(0, depth));
}

/** True when following `path` from a folder `depth` levels deep ever climbs above the root. */
function depthBelow(path: string, depth: number): boolean {
  let level = depth;
  for (const segment of segments(path)) {
    level += segment === '..' ? -1 : 1;
    if (level < 0) return true;
  }
  return false;
}

function segments(path: string): string[] {
  return path.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.');
}

import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, normalize, parse, relative, resolve, sep } from 'node:path';
import { fileReason } from './file-error.ts';

/** A file to scan. `absolute` is raw bytes when the name is not valid UTF-8. */
export interface WalkedFile {
  readonly kind: 'file';
  readonly path: string;
  readonly absolute: string | Uint8Array;
  readonly size: number;
  /** Index of the given path below which it was found. */
  readonly root: number;
}

/** Something that has no content to scan, and why. */
export interface WalkedObstacle {
  readonly kind: 'outside-link' | 'special-file' | 'unreadable';
  readonly path: string;
  readonly message: string;
}

/** A given path. */
export interface WalkRoot {
  readonly absolute: string;
  readonly directory: boolean;
  /** Put before relative paths: empty for a single root. */
  readonly prefix: string;
}

export interface Walked {
  readonly roots: readonly WalkRoot[];
  readonly files: readonly WalkedFile[];
  readonly obstacles: readonly WalkedObstacle[];
}

/** Version control internals: no loader reads them, and their objects are compressed copies of what is scanned anyway. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.hg', '.svn']);

/** Lists everything below the given paths, sorted by path. Links are followed inside the root only; nothing throws. */
export function walk(given: readonly string[]): Walked {
  const roots = [...new Set(given.map(spelledOnce))].map((path, _index, { length }) => rootOf(path, length > 1));
  const files: WalkedFile[] = [];
  const obstacles: WalkedObstacle[] = [];
  for (const [index, { root, problem, status }] of roots.entries()) {
    if (problem !== undefined || status === undefined)
      obstacles.push({ kind: 'unreadable', path: nameOf(root), message: problem ?? 'cannot be read' });
    else if (status.isDirectory()) walkFolder({ root, index, files, obstacles });
    else if (status.isFile()) files.push({ kind: 'file', path: nameOf(root), absolute: root.absolute, size: status.size, root: index });
    else obstacles.push({ kind: 'special-file', path: nameOf(root), message: 'is no regular file' });
  }
  return { roots: roots.map(({ root }) => root), files: sortedOnce(files), obstacles: sortedOnce(obstacles) };
}

/** `a`, `./a` and `a/` are the same path. */
function spelledOnce(path: string): string {
  const normal = normalize(path);
  return normal.endsWith(sep) && normal !== parse(normal).root ? normal.slice(0, -1) : normal;
}

/** Why each once: a file and the folder it lies in can both be given. */
function sortedOnce<Item extends { readonly path: string }>(items: readonly Item[]): Item[] {
  const sorted = items.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  return sorted.filter(({ path }, index) => path !== sorted[index - 1]?.path);
}

function rootOf(path: string, several: boolean): { root: WalkRoot; status: Stats | undefined; problem: string | undefined } {
  const absolute = resolve(path);
  const prefix = several && path !== '.' ? path.split(sep).join('/') : '';
  try {
    // A link given by name is followed: whoever named it meant its target.
    const status = statSync(absolute);
    return {
      root: { absolute: status.isDirectory() ? realpathSync(absolute) : absolute, directory: status.isDirectory(), prefix },
      status,
      problem: undefined,
    };
  } catch (error) {
    return { root: { absolute, directory: false, prefix }, status: undefined, problem: fileReason(error) };
  }
}

/** Report path of a root that is a file. */
function nameOf(root: WalkRoot): string {
  return root.prefix === '' ? root.absolute.slice(root.absolute.lastIndexOf(sep) + 1) : root.prefix;
}

interface Walk {
  readonly root: WalkRoot;
  readonly index: number;
  readonly files: WalkedFile[];
  readonly obstacles: WalkedObstacle[];
}

function walkFolder(progress: Walk): void {
  const pending: { absolute: Buffer; path: string }[] = [{ absolute: Buffer.from(progress.root.absolute), path: progress.root.prefix }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    let entries: Dirent<Buffer>[];
    try {
      entries = readdirSync(folder.absolute, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      progress.obstacles.push({ kind: 'unreadable', path: folder.path || '.', message: fileReason(error) });
      continue;
    }
    for (const entry of entries) {
      const name = nameText(entry.name);
      const path = folder.path === '' ? name : `${folder.path}/${name}`;
      const absolute = Buffer.concat([folder.absolute, Buffer.from(sep), entry.name]);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(name)) pending.push({ absolute, path });
      } else visit(progress, path, absolute, entry.isSymbolicLink());
    }
  }
}

function visit({ root, index, files, obstacles }: Walk, path: string, absolute: Buffer, isLink: boolean): void {
  try {
    if (isLink) {
      const target = realpathSync(absolute);
      if (!isInside(target, root.absolute)) {
        obstacles.push({ kind: 'outside-link', path, message: 'leads outside the scanned folder and was not followed' });
        return;
      }
      if (statSync(target).isDirectory()) {
        // The folder it leads to is walked where it stands, unless that is a place where nothing is walked.
        if (
          relative(root.absolute, target)
            .split(sep)
            .some((name) => SKIPPED_FOLDERS.has(name))
        )
          obstacles.push({ kind: 'unreadable', path, message: 'leads into a folder of version control, which is not scanned' });
        return;
      }
    }
    const status = isLink ? statSync(absolute) : lstatSync(absolute);
    if (status.isFile()) files.push({ kind: 'file', path, absolute: plain(absolute), size: status.size, root: index });
    else obstacles.push({ kind: 'special-file', path, message: `is a ${sortOf(status)}` });
  } catch (error) {
    obstacles.push({ kind: 'unreadable', path, message: fileReason(error) });
  }
}

function isInside(target: string, folder: string): boolean {
  const way = relative(folder, target);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A name for the report: bytes that are not UTF-8 as `\xff`, so that different files have different names. */
function nameText(name: Buffer): string {
  const text = name.toString('utf8');
  if (Buffer.from(text).equals(name)) return text;
  return name.toString('latin1').replaceAll(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The path as text, or its bytes when they are not UTF-8. */
function plain(path: Buffer): string | Uint8Array {
  const text = path.toString('utf8');
  return Buffer.from(text).equals(path) ? text : new Uint8Array(path);
}

function sortOf(status: Stats): string {
  if (status.isFIFO()) return 'named pipe';
  if (status.isSocket()) return 'socket';
  return status.isBlockDevice() || status.isCharacterDevice() ? 'device' : 'special file';
}

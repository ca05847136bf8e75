import { constants, type Dirent, type Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { compareNames, SINGLE_FILE } from './names.ts';

/** A file of a model. */
export interface ModelFile {
  /** OMS name: relative to the model, POSIX. */
  readonly path: string;
  readonly absolute: string;
  /** Bytes. */
  readonly size: number;
}

/** Something that a signature cannot cover, and why. */
export interface Obstacle {
  readonly kind: 'link' | 'special' | 'name' | 'unreadable';
  readonly path: string;
  readonly message: string;
}

export interface Listing {
  /** In the order of their names' bytes. */
  readonly files: readonly ModelFile[];
  readonly obstacles: readonly Obstacle[];
  /** Ignored paths that exist. */
  readonly ignored: readonly string[];
}

export interface ListOptions {
  /** Paths relative to the model that are left out with everything below them. Exact, no patterns. */
  readonly ignore: readonly string[];
  /** Follow links to files. Links to folders are refused even then: they can lead in circles. */
  readonly allowSymlinks: boolean;
}

/** Why: as many as a bundle can name. */
const MAX_FILES = 1_000_000;

/** Lists a model: a folder, or one file. Nothing is left out in silence: what is no plain file becomes an obstacle. */
export async function listFiles(model: string, options: ListOptions): Promise<Listing> {
  const root = await realpath(model).catch((error: unknown) => {
    throw new CordonError('input.missing', `${model}: ${errorMessage(error)}`, { cause: error });
  });
  const status = await stat(root);
  if (status.isFile()) return { files: [{ path: SINGLE_FILE, absolute: root, size: status.size }], obstacles: [], ignored: [] };
  const listing = { files: [] as ModelFile[], obstacles: [] as Obstacle[], ignored: [] as string[] };
  const ignore = new Set(options.ignore);
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await entriesOf(join(root, folder), folder, listing.obstacles)) {
      const name = entry.name.toString('utf8');
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!Buffer.from(name).equals(entry.name)) listing.obstacles.push({ kind: 'name', path, message: 'has a name that is not UTF-8' });
      else if (ignore.has(path)) listing.ignored.push(path);
      else if (entry.isDirectory()) pending.push(path);
      else await addFile(join(root, path), path, options, listing);
      if (listing.files.length > MAX_FILES) throw new CordonError('limit.reached', `${model} has more than ${MAX_FILES} files`);
    }
  }
  const byName = (a: { readonly path: string }, b: { readonly path: string }): number => compareNames(a.path, b.path);
  return { files: listing.files.sort(byName), obstacles: listing.obstacles.sort(byName), ignored: listing.ignored.sort(compareNames) };
}

async function entriesOf(absolute: string, path: string, obstacles: Obstacle[]): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(absolute, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    obstacles.push({ kind: 'unreadable', path: path === '' ? '.' : path, message: errorMessage(error) });
    return [];
  }
}

async function addFile(
  absolute: string,
  path: string,
  { allowSymlinks }: ListOptions,
  listing: { files: ModelFile[]; obstacles: Obstacle[] },
): Promise<void> {
  try {
    const own = await lstat(absolute);
    if (own.isSymbolicLink() && !allowSymlinks) {
      listing.obstacles.push({ kind: 'link', path, message: 'is a symbolic link' });
      return;
    }
    const status = own.isSymbolicLink() ? await stat(absolute) : own;
    if (status.isFile()) listing.files.push({ path, absolute, size: status.size });
    else listing.obstacles.push({ kind: 'special', path, message: sortOf(own, status) });
  } catch (error) {
    listing.obstacles.push({ kind: 'unreadable', path, message: errorMessage(error) });
  }
}

function sortOf(own: Stats, status: Stats): string {
  if (own.isSymbolicLink() && status.isDirectory()) return 'is a link to a folder';
  return 'is no regular file';
}

/** How model files are opened: never a pipe that blocks, and no link where the listing saw a file. */
export function openFlags(allowSymlinks: boolean): number {
  return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (allowSymlinks ? 0 : (constants.O_NOFOLLOW ?? 0));
}

import { CordonError } from '../../core/errors.ts';
import type { HttpRanges } from './http-ranges.ts';
import type { RemoteLocation } from './open-remotes.ts';

const LISTING_BYTES = 64 * 1024 * 1024;
/** Why: every file costs at least one request. */
const MOST_FILES = 100_000;
const LONGEST_PATH = 1024;

/** `hf://[models/|datasets/|spaces/]org/name[@revision][/file]`; slashes in a revision are written %2F. */
const HUB_URL = /^hf:\/\/(?:(models|datasets|spaces)\/)?(?!(?:models|datasets|spaces)\/)([\w.-]+\/[\w.-]+)(?:@([^/]+))?(?:\/(.+))?$/;

/** Lists the files of a hub repository at the commit its revision stands for now. */
export async function listHub(url: string, http: HttpRanges, endpoint: string): Promise<readonly RemoteLocation[]> {
  const [, kind = 'models', name, revision = 'main', given] = HUB_URL.exec(url) ?? [];
  const decoded = decode(revision);
  if (name === undefined || decoded === undefined || name.split('/').some(isDots) || isDots(decoded))
    throw new CordonError('usage.invalid', `${JSON.stringify(url)} is not of the form hf://[datasets/|spaces/]org/name[@revision][/file]`);
  const file = given?.replace(/\/+$/, '');
  const prefix = kind === 'models' ? '' : `${kind}/`;
  const info = parse(await http.document(`${endpoint}/api/${kind}/${name}/revision/${encodeURIComponent(decoded)}`, LISTING_BYTES));
  const commit = info.sha;
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit))
    throw new CordonError('network.refused', `${endpoint} gave no commit for ${name}@${decoded}`);
  const wanted = siblings(info.siblings).filter((path) => file === undefined || path === file || path.startsWith(`${file}/`));
  if (wanted.length === 0)
    throw new CordonError('network.refused', `${name}@${decoded} has no ${file === undefined ? 'files' : `file ${JSON.stringify(file)}`}`);
  const repository = `${prefix}${name}@${commit.slice(0, 12)}`;
  // Why no folder for a single file: reasoning across files would miss all the others.
  const folder = wanted.length === 1 && wanted[0] === file ? '' : repository;
  const locations = wanted.slice(0, MOST_FILES).map((path): RemoteLocation => {
    const reason = unsafePath(path);
    if (reason !== undefined) return { url: '', path: `${repository}/${Buffer.from(path).toString()}`, folder, refused: reason };
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return { url: `${endpoint}/${prefix}${name}/resolve/${commit}/${encoded}`, path: `${repository}/${path}`, folder };
  });
  if (wanted.length <= MOST_FILES) return locations;
  const rest = `${wanted.length - MOST_FILES} more files were not fetched; name a file or folder to scan a part`;
  return [...locations, { url: '', path: repository, folder: '', refused: rest }];
}

/** Paths in the listing, each once. */
function siblings(listing: unknown): string[] {
  const entries: unknown[] = Array.isArray(listing) ? listing : [];
  const paths = entries.flatMap((sibling) =>
    typeof sibling === 'object' && sibling !== null && 'rfilename' in sibling && typeof sibling.rfilename === 'string'
      ? [sibling.rfilename]
      : [],
  );
  return [...new Set(paths)];
}

/** Why: a path that climbs out would fetch another address than the one the report names; clients have unpacked such paths. */
function unsafePath(path: string): string | undefined {
  if (path.split('/').some((part) => part === '' || isDots(part)))
    return 'the path in the listing climbs out of the repository or has empty parts';
  if (/[\p{Cc}\p{Cs}\\]/u.test(path)) return 'the path in the listing has characters that no file name should have';
  return path.length > LONGEST_PATH ? `the path in the listing has ${path.length} characters` : undefined;
}

function isDots(part: string): boolean {
  return part === '.' || part === '..';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parse(bytes: Uint8Array): { sha?: unknown; siblings?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    throw new CordonError('network.refused', 'the hub did not answer with JSON', { cause: error });
  }
}

import { CordonError } from '../../core/errors.ts';
import type { RepositoryTable } from '../../store/schema/repositories.ts';

export type RepositoryKind = RepositoryTable['kind'];

/** A repository as clients name it. */
export interface RepositoryName {
  readonly kind: RepositoryKind;
  readonly namespace: string;
  readonly name: string;
}

/** Why: names become folders in the caches of clients and parts of URLs, on every operating system. */
const PART = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$/;
/** Why 1,024: file systems refuse more, and a database key should be bounded. */
const PATH_BYTES = 1_024;
/** Why: each part is a folder that every client makes, and that listings go through. */
const PARTS_AT_MOST = 64;
/** Why: a name that is shown in another order than it is read misleads whoever reviews it (CVE-2021-42574). */
const REORDERING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;
const REF_PART = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
/** Names by which clients mean something else: the default branch, a full name, the id of a revision. */
const OTHER_MEANING = /^(?:HEAD$|refs(?:\/|$)|[0-9a-f]{40}$)/;

/** Reads `namespace/name`. Throws `request.invalid`. */
export function parseRepositoryName(kind: RepositoryKind, id: string): RepositoryName {
  const [namespace = '', name = '', ...rest] = id.split('/');
  if (rest.length > 0 || !isNamePart(namespace) || !isNamePart(name)) {
    throw new CordonError('request.invalid', `${JSON.stringify(id.slice(0, 200))} is no repository name: write namespace/name`);
  }
  return { kind, namespace, name };
}

/** May this stand before or after the slash of a repository name? */
export function isNamePart(text: string): boolean {
  return PART.test(text) && !text.includes('..') && !text.includes('--') && !text.endsWith('.git');
}

/** `namespace/name`. */
export function repositoryId(repository: Pick<RepositoryName, 'namespace' | 'name'>): string {
  return `${repository.namespace}/${repository.name}`;
}

/**
 * Refuses a path that could leave its folder or mean two things on two systems. Throws `request.invalid`. Why so strict: every
 * client writes these paths to its own disk.
 */
export function checkFilePath(path: string): string {
  const problem = pathProblem(path);
  if (problem !== undefined) throw new CordonError('request.invalid', `the path ${JSON.stringify(path.slice(0, 200))} ${problem}`);
  return path;
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (Buffer.byteLength(path) > PATH_BYTES) return `is longer than ${PATH_BYTES} bytes`;
  if (Buffer.from(path).toString() !== path) return 'is not valid Unicode';
  if (/[\u0000-\u001f\u007f-\u009f\\]/.test(path)) return 'has control characters or backslashes';
  if (REORDERING.test(path)) return 'has characters that hide or reorder text';
  const parts = path.split('/');
  if (parts.length > PARTS_AT_MOST) return `has more than ${PARTS_AT_MOST} parts`;
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'has empty parts, "." or ".."';
  if (/^[A-Za-z]:/.test(path)) return 'starts with a drive letter';
  // Why: Windows leaves those at the end out, so that two names become one.
  if (parts.some((part) => /[. ]$/.test(part))) return 'has a part that ends with a dot or a space';
  if (parts.some((part) => part.includes(':$'))) return 'names a stream of a file on Windows';
  if (parts.some((part) => DEVICE.test(part))) return 'has a name that is a device on Windows';
  if (parts.some(isGitFolder)) return 'lies in a .git folder';
  // Why: what registries attest is found there, and nobody else may put something in its place.
  if (parts[0]?.toLowerCase() === '.cordon') return 'lies in the folder .cordon, which belongs to the registry';
  return undefined;
}

/**
 * Why: git on a case-insensitive disk would take it for its own folder and run the hooks in it; so it does with the short name
 * of Windows and with characters that macOS ignores (CVE-2014-9390, CVE-2019-1352).
 */
function isGitFolder(part: string): boolean {
  return /^(?:\.git|git~\d+)(?:::.*)?$/i.test(part.replace(/\p{Cf}/gu, ''));
}

/**
 * What a path becomes where names differ neither by case nor by the form of their Unicode, as on macOS and Windows: two files
 * with one of these overwrite each other.
 */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** The full name of a branch, tag or proposed change. Throws `request.invalid`. */
export function refName(kind: 'heads' | 'tags' | 'pr', name: string): string {
  const parts = name.split('/');
  const isFine =
    name.length <= 255 &&
    !OTHER_MEANING.test(name) &&
    parts.every((part) => REF_PART.test(part) && !part.includes('..') && !part.endsWith('.lock'));
  if (!isFine) throw new CordonError('request.invalid', `${JSON.stringify(name.slice(0, 200))} cannot be the name of a branch or tag`);
  return `refs/${kind}/${name}`;
}

import { matchesGlob } from '../../glob.ts';

/** The part of a path rule that judges one path. */
export interface PathLimits {
  readonly roots: readonly string[];
  readonly deny: readonly string[];
}

const MAX_PATH = 4_096;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;
const DRIVE = /^[A-Za-z]:/;

/** Why a path must not be touched; undefined when it may. Judged by the text alone: no file system is asked. */
export function pathProblem(path: string, { roots, deny }: PathLimits): string | undefined {
  const odd = oddity(path);
  if (odd !== undefined) return odd;
  const windows = roots.some((root) => DRIVE.test(root));
  const plain = windows ? path.replaceAll('\\', '/') : path;
  if (!windows && plain.includes('\\')) return 'has a backslash';
  if (!windows && DRIVE.test(plain)) return 'names a drive';
  if (plain.startsWith('//')) return 'names a network share or device';
  if (windows && DRIVE.test(plain) && plain[2] !== '/') return 'is relative to a drive';
  if (plain.slice(windows ? 2 : 0).includes(':')) return 'names a stream or a scheme';
  const segments = plain.split('/');
  // Why also where it stays inside: behind a symbolic link `..` leads somewhere else than the text says (CWE-59).
  if (segments.includes('..')) return 'climbs to a parent folder';
  if (segments.some((segment) => /[. ]$/.test(segment) && segment !== '.')) return 'has a name that ends in a dot or blank';
  if (segments.some((segment) => WINDOWS_DEVICE.test(segment))) return 'names a device';
  const within = belowRoot(plain, roots, windows);
  if (within === undefined) return 'is outside the allowed folders';
  const lower = within.toLowerCase();
  const hit = deny.find((glob) => matchesGlob(lower, glob.toLowerCase()) || matchesGlob(lower, `${glob.toLowerCase()}/**`));
  return hit === undefined ? undefined : `matches ${hit}, which is not allowed`;
}

/** What is read differently by shells, servers, Windows and Unicode-folding file systems. */
function oddity(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (path.length > MAX_PATH) return `is longer than ${MAX_PATH} characters`;
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(path)) return 'has control or invisible characters';
  if (path.normalize('NFKC') !== path.normalize('NFC')) return 'has characters that fold into others';
  if (/%[0-9a-f]{2}|%u[0-9a-f]{4}|%[a-z_]\w*%/i.test(path)) return 'is encoded or names a variable';
  if (/^~|^-|\$[\w({]|`|[*?<>|"]/.test(path)) return 'has characters that are expanded or taken for options';
  if (path !== path.trim()) return 'begins or ends with a blank';
  return undefined;
}

/** The path below its root; undefined when it is below none. */
function belowRoot(path: string, roots: readonly string[], windows: boolean): string | undefined {
  const isAbsolute = path.startsWith('/') || DRIVE.test(path);
  const clean = parts(path);
  if (!isAbsolute) return clean.join('/');
  const fold = (name: string): string => (windows ? name.toLowerCase() : name);
  for (const root of roots) {
    const wanted = parts(windows ? root.replaceAll('\\', '/') : root);
    if (wanted.every((name, index) => fold(clean[index] ?? '') === fold(name))) return clean.slice(wanted.length).join('/');
  }
  return undefined;
}

function parts(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

import { hasBytes, utf8 } from '../bytes/read.ts';

/** Text that stands for content kept elsewhere. */
export interface Pointer {
  readonly store: 'git-lfs' | 'xet';
  /** Digest of the absent content, as the pointer spells it. */
  readonly id: string;
  /** Size of the absent content in bytes; may exceed 2^53, therefore text. */
  readonly size: string;
}

/** Why: the Git LFS specification keeps pointers under 1024 bytes; a longer file is content. */
export const MAX_POINTER_BYTES = 1024;

const LFS_VERSIONS = [
  'version https://git-lfs.github.com/spec/v1',
  'version https://hawser.github.com/spec/v1',
  'version http://git-media.io/v/2',
];
const XET_VERSION = '# xet version ';

/** True when the bytes begin as a pointer file does. */
export function beginsAsPointer(head: Uint8Array): boolean {
  return [...LFS_VERSIONS, XET_VERSION].some((version) => hasBytes(head, version));
}

/** Reads a Git LFS or Xet pointer; undefined when the text is anything else, even by one line. */
export function readPointer(bytes: Uint8Array): Pointer | undefined {
  if (bytes.length > MAX_POINTER_BYTES || !beginsAsPointer(bytes)) return undefined;
  const lines = utf8(bytes).replace(/\n$/, '').split(/\r?\n/);
  return hasBytes(bytes, XET_VERSION) ? readXet(lines) : readLfs(lines);
}

function readLfs([version, ...rest]: readonly string[]): Pointer | undefined {
  if (version === undefined || !LFS_VERSIONS.includes(version)) return undefined;
  const fields = new Map<string, string>();
  for (const line of rest) {
    const match = /^(oid|size|ext-\d+-[\w.-]+) (\S+)$/.exec(line);
    if (!match || fields.has(match[1] as string)) return undefined;
    fields.set(match[1] as string, match[2] as string);
  }
  const id = fields.get('oid') ?? '';
  const size = fields.get('size') ?? '';
  return /^(sha256:)?[0-9a-f]{64}$/.test(id) && /^\d{1,20}$/.test(size) ? { store: 'git-lfs', id, size } : undefined;
}

function readXet([version, ...rest]: readonly string[]): Pointer | undefined {
  if (!/^# xet version \d+(\.\d+)?$/.test(version ?? '')) return undefined;
  const fields = new Map<string, string>();
  for (const line of rest) {
    const match = /^(\w+) = '?([\w.:-]+)'?$/.exec(line);
    if (!match) return undefined;
    fields.set(match[1] as string, match[2] as string);
  }
  const id = fields.get('hash') ?? '';
  const size = fields.get('filesize') ?? '';
  return /^[0-9a-f]{16,128}$/.test(id) && /^\d{1,20}$/.test(size) ? { store: 'xet', id, size } : undefined;
}

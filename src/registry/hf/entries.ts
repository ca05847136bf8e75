import type { KnownEntry } from '../../engine/registry/read-file.ts';

/** A file as tree and paths-info list it. */
export interface HubFile {
  readonly type: 'file';
  readonly oid: string;
  readonly size: number;
  readonly path: string;
  readonly sha256: string;
  /** Name in Xet, for files that came by it. */
  readonly xetHash?: string;
  readonly lfs?: { readonly oid: string; readonly size: number; readonly pointerSize: number };
}

/** A folder as tree lists it. */
export interface HubFolder {
  readonly type: 'directory';
  readonly oid: string;
  readonly size: 0;
  readonly path: string;
}

/** What tree and paths-info list. */
export type HubEntry = HubFile | HubFolder;

/** A folder in the form of the Hub API. It has no content of its own, so no id either. */
export function hubFolder(path: string): HubFolder {
  return { type: 'directory', oid: '0'.repeat(40), size: 0, path };
}

/** Bytes from which a file is kept as LFS: the client then hashes by SHA-256, and so do we anyway. */
export const LFS_FROM_BYTES = 1024 * 1024;
const LFS_NAMES =
  /\.(?:7z|arrow|bin|bz2|ckpt|ftz|gguf|gz|h5|joblib|keras|lfs\.[^/]*|mlmodel|model|msgpack|npy|npz|onnx|ot|parquet|pb|pickle|pkl|pt|pth|rar|safetensors|tar(?:\.[^/]*)?|tflite|tgz|wasm|xz|zip|zst)$/i;

/** Whether clients are told to send the file through LFS. Why by name too: it must be the same before and after a small file grows. */
export function isLfs(path: string, size: number): boolean {
  return size > 0 && (size >= LFS_FROM_BYTES || LFS_NAMES.test(path));
}

/** What a client's cache and local folder know a file by: SHA-256 for LFS, the SHA-1 of the git blob for the rest. */
export function objectId(entry: Pick<KnownEntry, 'path' | 'size' | 'sha256' | 'git_sha1'>): string {
  return isLfs(entry.path, entry.size) ? entry.sha256 : (entry.git_sha1 ?? entry.sha256);
}

/** A file in the form of the Hub API. */
export function hubFile(entry: KnownEntry): HubFile {
  const { path, size, sha256 } = entry;
  const oid = entry.git_sha1 ?? sha256.slice(0, 40);
  if (!isLfs(path, size)) return { type: 'file', oid, size, path, sha256 };
  return { type: 'file', oid: sha256.slice(0, 40), size, path, sha256, lfs: { oid: sha256, size, pointerSize: pointerSize(size) } };
}

/** Bytes of the git-lfs pointer file that stands for a file of this size. */
function pointerSize(size: number): number {
  return 'version https://git-lfs.github.com/spec/v1\noid sha256:\nsize \n'.length + 64 + String(size).length;
}

import { constants } from 'node:fs';
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { systemCode } from './storage-error.ts';

/** Makes what was created, renamed or removed in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    // Why: some systems cannot sync folders at all (Windows); elsewhere a failure counts.
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle.close();
  }
}

/** Makes the bytes of a file, already written, survive a power cut, and read-only. */
export async function sealFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.chmod(0o440);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a sealed file its final name without ever replacing another; false when the name is taken. Why a link and not a
 * rename: a rename would silently replace.
 */
export async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code === undefined || !NO_LINKS.has(code)) throw error;
    // A file system without links. Two writers may both rename here, but the names are digests: the bytes are the same.
    if (await exists(to)) return false;
    await rename(from, to);
    return true;
  }
}

/** Removes a file; one that is gone already is fine. */
export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

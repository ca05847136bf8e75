import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CordonError } from '../../core/errors.ts';

export interface WriteOptions {
  /** Replace an existing file. */
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onWritten: (bytes: number) => void;
}

/**
 * Writes a file that appears only when it is whole: to a temporary file in the same folder, which is synced and then takes the
 * name. On any error nothing is left behind.
 */
export async function writeWhole(path: string, pieces: Iterable<Uint8Array>, options: WriteOptions): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await writeDraft(draft, pieces, options);
    await (options.force ? rename(draft, path) : takeName(draft, path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function writeDraft(draft: string, pieces: Iterable<Uint8Array>, { signal, onWritten }: WriteOptions): Promise<void> {
  const file = await open(draft, 'wx');
  try {
    let written = 0;
    for (const piece of pieces) {
      signal?.throwIfAborted();
      for (let done = 0; done < piece.length;) done += (await file.write(piece, done)).bytesWritten;
      written += piece.length;
      onWritten(written);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Why a link: unlike a rename it fails when somebody else has made the file meanwhile. */
async function takeName(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CordonError('usage.invalid', `${path} exists; --force replaces it`, { cause: error });
    // File systems without hard links: the check before the conversion has to do.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    return rename(draft, path);
  }
  return unlink(draft);
}

/** Why: without it a power cut can lose the new name although the content is on disk. Not every system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is synced.
  }
}

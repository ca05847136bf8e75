import { accessSync, constants, lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CordonError, errorMessage } from '../core/errors.ts';

/**
 * Writes a file so that a reader sees the old content or the new, never a part, whenever the process is killed. Devices, pipes
 * and the like (`/dev/stdout`, `>(jq)`) are written to, not replaced.
 */
export function writeAtomically(file: string, text: string): void {
  try {
    const target = targetOf(file);
    if (target.isSpecial) writeFileSync(target.path, text);
    else replace(target.path, text);
  } catch (error) {
    throw new CordonError('usage.invalid', `cannot write ${file}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

function replace(path: string, text: string): void {
  if (!isWritable(dirname(path))) return writeFileSync(path, text);
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.tmp`);
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Why asked: a file that may be written in a folder that may not can only be written in place. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A link is followed: it is the file behind it that is replaced. */
function targetOf(file: string): { path: string; isSpecial: boolean } {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined || status.isFile()) return { path: file, isSpecial: false };
  if (!status.isSymbolicLink()) return { path: file, isSpecial: true };
  try {
    const path = realpathSync(file);
    return { path, isSpecial: !lstatSync(path).isFile() };
  } catch {
    return { path: file, isSpecial: true };
  }
}

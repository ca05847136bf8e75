import { CordonError, errorMessage } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'is a chain of links without end',
  ENAMETOOLONG: 'has a path longer than the system allows',
  EMFILE: 'too many files are open',
  EIO: 'the disk or network drive cannot read it',
};

/**
 * Why a path cannot be read, in words. Why not the system's message: it contains the absolute path, which differs between
 * machines and does not belong in a report.
 */
export function fileReason(error: unknown): string {
  const code = systemCode(error);
  return code === undefined ? errorMessage(error) : (REASONS[code] ?? `cannot be read (${code})`);
}

/** True when the file or its disk is to blame, not its content and not Cordon. */
export function isFileError(error: unknown): boolean {
  if (error instanceof CordonError) return error.code.startsWith('input.') || error.code === 'network.refused';
  return systemCode(error) !== undefined;
}

/** `ENOENT` and the like; undefined for errors that no system call raised. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

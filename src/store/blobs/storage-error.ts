import { CordonError } from '../../core/errors.ts';

/** Code of a failed system call, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}

/** A failed system call in the words of the catalogue. Why without the path: it may reach a client, who must not learn it. */
export function storageError(error: unknown): unknown {
  if (error instanceof CordonError) return error;
  const code = systemCode(error);
  const cause = { cause: error };
  switch (code) {
    case undefined:
      return error;
    case 'ENOENT':
      return new CordonError('storage.missing', 'the content is not in the store', cause);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new CordonError('storage.full', 'the disk of the blob store is full', cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CordonError('storage.unavailable', 'the folder of the blob store may not be written or read', cause);
    default:
      return /^E[A-Z0-9]+$/.test(code) ? new CordonError('storage.unavailable', `the blob store failed (${code})`, cause) : error;
  }
}

/** Runs file operations and translates what they throw. */
export async function onStorage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error);
  }
}

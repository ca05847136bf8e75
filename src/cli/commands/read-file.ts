import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Io } from '../io.ts';

/** The text of a file named on the command line. Throws `usage.invalid` when it cannot be read. */
export async function readNamedFile(file: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new CordonError('usage.invalid', `cannot read ${file}: ${errorMessage(error)}`, { cause: error });
  }
}

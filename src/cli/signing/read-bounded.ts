import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Io } from '../io.ts';

/** Why 128 MiB: the largest bundle that is read. */
const MAX_BYTES = 128 * 1024 * 1024 + 1;

/** The content of a named file, up to what any reader of it accepts. Throws `input.missing`. */
export function readBounded(file: string, io: Io): Buffer {
  try {
    const descriptor = openSync(resolve(io.cwd, file), 'r');
    try {
      const { size } = fstatSync(descriptor);
      const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new CordonError('input.missing', `cannot read ${file}: ${errorMessage(error)}`, { cause: error });
  }
}

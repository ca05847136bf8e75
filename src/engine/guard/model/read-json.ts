import { readFileSync, statSync } from 'node:fs';
import { CordonError, errorMessage } from '../../../core/errors.ts';

/** Why: small files are read whole, and a configuration may name any file. */
const LARGEST_JSON = 1024 * 1024;

/** A small JSON file of a model. Throws `config.invalid`. */
export function readJson(file: string): unknown {
  try {
    if (statSync(file).size > LARGEST_JSON) throw new Error('is too large');
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CordonError('config.invalid', `${file} cannot be read: ${errorMessage(error).slice(0, 200)}`, { cause: error });
  }
}

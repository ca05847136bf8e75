import { readFileSync, statSync } from 'node:fs';
import type { SecretRef } from '../../../core/moderation-config.ts';
import { CordonError } from '../../../core/errors.ts';

/** Why: a key is one short line; whatever is longer is another file. */
const LONGEST = 16_384;

/**
 * Reads a secret where it stands, so that one that was renewed counts from then on. Throws `config.invalid` where there is none, or
 * where it could break out of a header; the message names the place, never the value.
 */
export function readSecret(ref: SecretRef, env: Readonly<Record<string, string | undefined>>): string {
  const place = 'env' in ref ? `the environment variable ${ref.env}` : `the file ${ref.file}`;
  const value = ('env' in ref ? env[ref.env] : readSmall(ref.file, place))?.trim();
  if (value === undefined || value === '') throw new CordonError('config.invalid', `${place} holds no secret`);
  if (value.length > LONGEST || !/^[\x21-\x7e]+$/.test(value))
    throw new CordonError('config.invalid', `${place} holds something that is no key`);
  return value;
}

/** A small file. Why no cause: errors of the file system belong to the place that is named already. */
export function readSmall(path: string, place: string): string {
  try {
    if (statSync(path).size > 1024 * 1024) throw new CordonError('config.invalid', `${place} is too large`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('config.invalid', `${place} cannot be read`);
  }
}

import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/** sha256 of the canonical JSON of a value, in hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

import type { Severity } from '../../core/severity.ts';
import { classifyTarget } from './classify.ts';

const PLAIN_TAG = /^python\/(?:none|bool|bytes|str|unicode|int|long|float|complex|list|tuple|dict)$/;

/**
 * How bad a `!!python/…` tag is (given without `!!`); undefined for tags of plain data. Every other one needs a loader that
 * calls what the document names, so even an ordinary class is a matter of review.
 */
export function pythonTagSeverity(tag: string): Severity | undefined {
  if (PLAIN_TAG.test(tag)) return undefined;
  const match = /^python\/(object\/apply|object\/new|object|name|module):(.*)$/.exec(tag);
  if (match === null) return 'high';
  const known = match[1] === 'module' ? 'dangerous' : classifyTarget(match[2]!);
  if (known === 'dangerous') return match[1] === 'name' || match[1] === 'module' ? 'high' : 'critical';
  return known === 'unknown' && match[1]!.startsWith('object/') ? 'high' : 'medium';
}

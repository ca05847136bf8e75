import type { Evidence } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import { compareText } from './where.ts';

/** Evidence as one printable line: `callee=posix.system, arguments=id`. */
export function evidenceText(evidence: Evidence): string {
  return evidenceEntries(evidence)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** Evidence as printable pairs, sorted by name. */
export function evidenceEntries(evidence: Evidence): [string, string][] {
  return Object.entries(evidence)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, value]) => [printable(name), printable(Array.isArray(value) ? value.join(', ') : String(value))]);
}

import { Budget, Limits } from '../../src/core/budget.ts';
import { type FileInspection, inspectFile } from '../../src/engine/inspect-file.ts';
import { bufferSource } from '../../src/formats/bytes/source.ts';
import { FILE_SCANNERS } from '../../src/scanners/index.ts';
import { RULES } from '../../src/engine/rule-set.ts';

/** Limits for small damaged files: low enough that a bomb ends quickly, high enough that time never decides. */
const LIMITS = Limits.parse({
  inflatedBytes: 64 * 1024 * 1024,
  buffer: 16 * 1024 * 1024,
  members: 5_000,
  steps: 20_000_000,
  timeMs: 60_000,
});

/** What a file yields under the limits of fuzzing. */
export function inspectBytes(path: string, bytes: Uint8Array): FileInspection {
  return inspectFile(path, bufferSource(bytes), FILE_SCANNERS, new Budget(LIMITS));
}

/** What no input may ever cause: a failed scanner, an undeclared rule, a value that JSON or a thread border would change. */
export function complaintAbout(inspection: FileInspection): string | undefined {
  const broken = inspection.sightings.find(({ rule }) => rule === 'engine.scanner-failed');
  if (broken !== undefined) return `a scanner failed: ${broken.message}`;
  const undeclared = inspection.sightings.find(({ rule }) => !RULES.has(rule));
  if (undeclared !== undefined) return `undeclared rule ${undeclared.rule}`;
  return plainComplaint(inspection, 'inspection');
}

function plainComplaint(value: unknown, at: string): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${at} is ${value}`;
  if (typeof value !== 'object') return `${at} is a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return `${at} is no plain object`;
  for (const [key, part] of Object.entries(value)) {
    const complaint = plainComplaint(part, `${at}.${key}`);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

import * as z from 'zod';
import type { Severity } from './severity.ts';

/** What the findings say of an artifact, best first. */
const VERDICTS = ['clean', 'review', 'blocked'] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

/** How much of an artifact was looked at, best first. Never part of the verdict: clean says nothing unless complete. */
const COMPLETENESS = ['complete', 'inconclusive', 'not-scanned'] as const;
export const Completeness = z.enum(COMPLETENESS);
export type Completeness = z.infer<typeof Completeness>;

/** The verdict one unsuppressed finding of this severity leads to under the default policy. */
export function verdictOf(severity: Severity): Verdict {
  if (severity === 'critical' || severity === 'high') return 'blocked';
  return severity === 'medium' ? 'review' : 'clean';
}

/** The worse of two verdicts. */
export function worseVerdict(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

/** The lesser of two degrees of completeness. */
export function lesserCompleteness(a: Completeness, b: Completeness): Completeness {
  return COMPLETENESS.indexOf(a) >= COMPLETENESS.indexOf(b) ? a : b;
}

import type { Artifact } from '../../core/artifact.ts';
import type { Effect } from '../../core/decision.ts';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import { SEVERITIES } from '../../core/severity.ts';
import { bytesText, countText } from './amounts.ts';
import { compareText } from './where.ts';

/** How a line or badge is to be felt. */
export type Tone = 'good' | 'warning' | 'bad';

/** The one word a report comes down to. Clean counts only when everything was read. */
export function headline(report: Report): { word: string; tone: Tone } {
  if (report.verdict === 'blocked') return { word: 'BLOCKED', tone: 'bad' };
  if (report.completeness !== 'complete') return { word: 'INCOMPLETE', tone: report.gate.effect === 'deny' ? 'bad' : 'warning' };
  if (report.verdict === 'review') return { word: 'REVIEW', tone: report.gate.effect === 'deny' ? 'bad' : 'warning' };
  return report.gate.effect === 'deny' ? { word: 'DENIED', tone: 'bad' } : { word: 'CLEAN', tone: 'good' };
}

const VERBS: Readonly<Record<Effect, string>> = { allow: 'allows', warn: 'warns', deny: 'denies' };

/** What the gate does and the first reason of that effect: `gate ci denies: no critical findings (+1 more)`. */
export function gateSentence(report: Report): string {
  const { name, effect, reasons } = report.gate;
  const [first, ...rest] = reasons.filter((reason) => reason.effect === effect);
  const verb = `gate ${printable(name)} ${VERBS[effect]}`;
  if (first === undefined) return verb;
  return `${verb}: ${printable(first.message)}${rest.length === 0 ? '' : ` (+${rest.length} more)`}`;
}

/** Counts of what was looked at and found: `3 files, 4.2 MB, 17 members; 1 critical, 2 high`. */
export function scopeSentence(report: Report): string {
  const { files, bytes, members } = report.stats;
  const scope = [countText(files, 'file'), bytesText(bytes), ...(members === 0 ? [] : [countText(members, 'member')])].join(', ');
  const counts = severityCounts(report).map(([severity, count]) => `${count} ${severity}`);
  return counts.length === 0 ? scope : `${scope}; ${counts.join(', ')}`;
}

/** Unsuppressed findings by severity, worst first, without the zeroes. */
export function severityCounts(report: Report): [string, number][] {
  return SEVERITIES.toReversed().flatMap((severity): [string, number][] => {
    const count = report.stats.findings[severity] ?? 0;
    return count === 0 ? [] : [[severity, count]];
  });
}

/** How much was read: `everything read`, or how many files were not. */
export function completenessSentence(report: Report): string {
  const incomplete = incompleteArtifacts(report).length;
  if (report.completeness === 'complete') return 'everything read';
  if (incomplete === 0) return `scan ${report.completeness}`;
  return `${incomplete} of ${countText(report.artifacts.length, 'file')} not fully read`;
}

/** Artifacts that were not read to their end, by path. */
export function incompleteArtifacts(report: Report): Artifact[] {
  return report.artifacts.filter((artifact) => artifact.completeness !== 'complete').toSorted((a, b) => compareText(a.path, b.path));
}

/** One artifact that was not read to its end, and why. */
export function incompleteText(artifact: Artifact): string {
  const why = artifact.reasons.length === 0 ? artifact.completeness : artifact.reasons.join('; ');
  return printable(`${artifact.path}: ${why}`);
}

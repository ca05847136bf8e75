import type { Suppression } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import type { WaiverStatus } from '../../core/waiver.ts';
import { countText } from './amounts.ts';
import { rankFindings } from './ranking.ts';
import { incompleteArtifacts, incompleteText } from './summary.ts';
import { whereOf } from './where.ts';

/** What stands beside the findings and must not be overlooked. */
export interface Note {
  readonly label: string;
  /** One printable line each, the most important first. */
  readonly lines: readonly string[];
  /** Loud notes change how far the verdict can be trusted. */
  readonly loud: boolean;
}

const WAIVER_LABELS: readonly [WaiverStatus['status'], string, boolean][] = [
  ['expired', 'waiver expired', true],
  ['refused', 'waiver refused', true],
  ['unmatched', 'waiver matched nothing', true],
  ['near-expiry', 'waiver ends soon', false],
];

/**
 * Everything a reader must know beside the findings, loudest first; empty for an ordinary clean scan. With `all`, each
 * suppressed and each fixed finding has its own line.
 */
export function notesOf(report: Report, all: boolean): Note[] {
  const notes: Note[] = [
    { label: 'not fully read', lines: incompleteArtifacts(report).map(incompleteText), loud: true },
    { label: 'scanner failed', lines: pluginLines(report), loud: true },
    { label: 'left out', lines: report.stats.cut === 0 ? [] : [`${countText(report.stats.cut, 'finding')} past a scan limit`], loud: true },
    ...WAIVER_LABELS.map(([status, label, loud]) => ({ label, lines: waiverLines(report, status), loud })),
    { label: 'waived', lines: all ? eachSuppressed(report) : suppressedLines(report), loud: false },
    { label: 'baseline', lines: baselineLines(report, all), loud: false },
  ];
  return notes.filter((note) => note.lines.length > 0);
}

function pluginLines(report: Report): string[] {
  return report.plugins
    .filter((plugin) => plugin.status === 'failed')
    .map((plugin) => printable(plugin.reason === undefined ? plugin.id : `${plugin.id}: ${plugin.reason}`));
}

function waiverLines(report: Report, status: WaiverStatus['status']): string[] {
  return report.waivers
    .filter((waiver) => waiver.status === status)
    .map((waiver) => printable(`${waiver.id} (${waiver.expires}): ${waiver.message}`));
}

/** One line for each waiver in use, with how many findings it covers. */
function suppressedLines({ findings }: Report): string[] {
  const counts = new Map<string, number>();
  for (const { suppressed } of findings) {
    if (suppressed !== undefined) counts.set(waivedBy(suppressed), (counts.get(waivedBy(suppressed)) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${countText(count, 'finding')} ${line}`).toSorted();
}

function eachSuppressed({ findings }: Report): string[] {
  return rankFindings(findings).flatMap((finding) =>
    finding.suppressed === undefined
      ? []
      : [`${finding.severity} ${finding.rule} at ${whereOf(finding.location)} ${waivedBy(finding.suppressed)}`],
  );
}

function waivedBy({ waiver, owner, expires, reason }: Suppression): string {
  return printable(`by ${waiver} (${owner}, until ${expires}): ${reason}`);
}

function baselineLines({ baseline }: Report, all: boolean): string[] {
  if (baseline === undefined) return [];
  const fixed = all ? baseline.fixed.map(({ rule, path, message }) => printable(`fixed: ${rule} in ${path}: ${message}`)) : [];
  return [`${baseline.new} new, ${baseline.unchanged} unchanged, ${baseline.fixed.length} fixed`, ...fixed];
}

import type { Severity } from '../core/severity.ts';
import { printable } from '../core/printable.ts';
import type { Reporter } from './reporter.ts';
import { jsonText } from './text/json-text.ts';
import { rankFindings, unsuppressed } from './text/ranking.ts';
import { whereOf } from './text/where.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/**
 * GitLab Code Quality: the findings that count, as GitLab's merge request widget reads them on every tier. The fingerprint is
 * Cordon's own, so a re-trained model with the same finding is not shown as fixed and new.
 */
export const codequality: Reporter = (report) =>
  jsonText(
    rankFindings(unsuppressed(report.findings)).map((finding) => ({
      description: printable(`${finding.message} (${whereOf(finding.location)})`),
      check_name: finding.rule,
      fingerprint: finding.fingerprint,
      severity: SEVERITIES[finding.severity],
      location: { path: finding.location.path, lines: { begin: finding.location.member === undefined ? (finding.location.line ?? 1) : 1 } },
    })),
  );

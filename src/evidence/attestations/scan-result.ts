import type { Report } from '../../core/report.ts';
import { type Severity, severityRank } from '../../core/severity.ts';

/** When a scan ran, ISO 8601, and the digest of the full report that goes with it. */
export interface ScanRun {
  readonly startedOn: string;
  readonly finishedOn: string;
  /** SHA-256 of the report as SARIF, so that it can be kept elsewhere. */
  readonly sarif?: string;
}

/** Why: the predicate says what was found, the report where; one thousand rules do not exist. */
const MAX_RULES = 10_000;

/** The in-toto vulnerabilities predicate of a scan: one result for each rule that fired, the worst severity of it. */
export function scanPredicate(report: Report, { startedOn, finishedOn, sarif }: ScanRun): object {
  const { tool, gate, verdict, completeness } = report;
  const rules = new Map<string, { severity: Severity; count: number; suppressed: number }>();
  for (const { rule, severity, suppressed } of report.findings) {
    const known = rules.get(rule) ?? { severity, count: 0, suppressed: 0 };
    const isWorse = severityRank(severity) > severityRank(known.severity);
    rules.set(rule, {
      severity: isWorse ? severity : known.severity,
      count: known.count + 1,
      suppressed: known.suppressed + (suppressed === undefined ? 0 : 1),
    });
  }
  return {
    scanner: {
      uri: 'pkg:npm/cordon',
      version: tool.version,
      db: { uri: 'urn:cordon:rules', version: tool.rules, lastUpdate: startedOn },
      result: [...rules]
        .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
        .slice(0, MAX_RULES)
        .map(([id, { severity, count, suppressed }]) => ({
          id,
          severity: [{ method: 'cordon', score: severity }],
          annotations: [{ count, suppressed }],
        })),
    },
    metadata: { scanStartedOn: startedOn, scanFinishedOn: finishedOn },
    verdict,
    completeness,
    gate: { name: gate.name, effect: gate.effect, policy: { digest: { sha256: gate.policy } } },
    ...(sarif !== undefined && { report: { name: 'report.sarif', mediaType: 'application/sarif+json', digest: { sha256: sarif } } }),
  };
}

import type { Artifact, Log } from 'sarif';
import type { Artifact as Scanned } from '../core/artifact.ts';
import type { Report } from '../core/report.ts';
import type { Reporter } from './reporter.ts';
import { invocationOf, NOTIFICATIONS } from './sarif/invocation.ts';
import { resultOf } from './sarif/results.ts';
import { ruleTable } from './sarif/rule-table.ts';
import { artifactLocation } from './sarif/uri.ts';
import { jsonText } from './text/json-text.ts';
import { rankFindings } from './text/ranking.ts';

/** Why: GitHub keeps 5,000 results of a run, and which ones it drops is not said. Here the mildest are, and the run says so. */
const MOST_RESULTS = 5_000;
/** Artifacts beyond those with results. Why: GitHub refuses more than 10 MB compressed, and digests do not compress. */
const MOST_ARTIFACTS = 10_000;

/** SARIF 2.1.0: one run, worst results first, suppressed ones kept and marked. */
export const sarif: Reporter = (report, rules, { timestamp } = {}) => {
  const ranked = rankFindings(report.findings);
  const findings = ranked.slice(0, MOST_RESULTS);
  const table = ruleTable(findings, rules);
  const artifacts = artifactTable(report, new Set(findings.map((finding) => finding.location.path)));
  const indexes = {
    rules: new Map(table.map((rule, index) => [rule.id, index])),
    artifacts: new Map(artifacts.map((artifact, index) => [artifact.path, index])),
  };
  const cut = ranked.length - findings.length;
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Cordon',
            semanticVersion: report.tool.version,
            rules: table,
            notifications: NOTIFICATIONS,
            properties: { ruleSet: report.tool.rules },
          },
        },
        automationDetails: { id: `cordon/${report.gate.name}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The scanned root.' } } },
        invocations: [invocationOf(report, cut, timestamp)],
        artifacts: artifacts.map(artifactOf),
        results: findings.map((finding) => resultOf(finding, indexes)),
        properties: summaryOf(report, cut, report.artifacts.length - artifacts.length),
      },
    ],
  };
  return jsonText(log);
};

function summaryOf(report: Report, cutResults: number, cutArtifacts: number): Record<string, unknown> {
  const { baseline, completeness, gate, stats, verdict } = report;
  return {
    verdict,
    completeness,
    gate,
    stats,
    ...(baseline === undefined ? {} : { baseline: { new: baseline.new, unchanged: baseline.unchanged, fixed: baseline.fixed.length } }),
    cut: { results: cutResults, artifacts: cutArtifacts },
  };
}

/** Every artifact with a result or not fully read, then others as far as there is room; in the order of the report. */
function artifactTable(report: Report, withResults: ReadonlySet<string>): Scanned[] {
  const needed = (artifact: Scanned) => withResults.has(artifact.path) || artifact.completeness !== 'complete';
  let room = MOST_ARTIFACTS - report.artifacts.filter(needed).length;
  return report.artifacts.filter((artifact) => needed(artifact) || room-- > 0);
}

function artifactOf({ path, sha256, size, format, verdict, completeness }: Scanned): Artifact {
  return {
    location: artifactLocation(path),
    ...(size === null ? {} : { length: size }),
    ...(sha256 === null ? {} : { hashes: { 'sha-256': sha256 } }),
    properties: { format, verdict, completeness },
  };
}

import type { Finding } from '../../core/finding.ts';
import { type Severity, severityRank } from '../../core/severity.ts';
import type { Rule } from '../../core/rule.ts';
import { compareLocations, compareText } from './where.ts';

/** One reason: the same rule with the same key, wherever it was found. */
export interface ReasonGroup {
  readonly rule: Rule;
  /** The worst of its findings. */
  readonly severity: Severity;
  /** Sorted by location; never empty. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** Distinct paths. */
  readonly files: number;
}

/** Worst first; new before known; then by rule, place and key, so that the order never depends on the scan. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      novelty(a) - novelty(b) ||
      compareText(a.rule, b.rule) ||
      compareLocations(a.location, b.location) ||
      compareText(a.key, b.key) ||
      compareText(a.id, b.id),
  );
}

/** Findings joined by rule and key, in the order of their worst finding. */
export function groupFindings(findings: readonly Finding[], rules: ReadonlyMap<string, Rule>): ReasonGroup[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of rankFindings(findings)) {
    const id = JSON.stringify([finding.rule, finding.key]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => ({
    rule: ruleOf(group[0].rule, rules),
    severity: group[0].severity,
    findings: group,
    files: new Set(group.map((finding) => finding.location.path)).size,
  }));
}

/** The rule of a finding; for a report of another version, whose rule is unknown here, one that says so. */
export function ruleOf(id: string, rules: ReadonlyMap<string, Rule>): Rule {
  return rules.get(id) ?? { id, title: id, severity: 'medium', why: 'This version of Cordon does not know the rule.', fix: '', maps: [] };
}

/** Findings that count, without those a waiver covers. */
export function unsuppressed(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.suppressed === undefined);
}

function novelty(finding: Finding): number {
  return finding.baseline === 'unchanged' ? 1 : 0;
}

import type { Artifact } from '../core/artifact.ts';
import type { Config } from '../core/config.ts';
import type { Decision } from '../core/decision.ts';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import { SEVERITIES } from '../core/severity.ts';
import { type Verdict, verdictOf, worseVerdict } from '../core/verdict.ts';

import { compareWithBaseline, readBaseline } from '../policy/baseline.ts';
import { inputDocument } from '../policy/input-document.ts';
import type { Policy } from '../policy/open-policy.ts';
import { applyWaivers } from '../policy/waivers/apply.ts';
import type { InlineWaiver } from '../policy/waivers/inline.ts';
import { VERSION } from './build.ts';
import type { DraftArtifact } from './drafts.ts';
import { numbered } from './findings.ts';
import type { Inspected } from './inspect-paths.ts';

/** What has been found, whether just now or long ago. */
export type Found = Pick<Inspected, 'artifacts' | 'findings' | 'plugins' | 'completeness' | 'members' | 'cut' | 'bytes'>;

/** Who judges it, and with what in hand. */
export interface Judgement {
  readonly config: Config;
  readonly policy: Policy;
  /** ISO date that waivers are judged by. Default: today, and then it is no part of what is decided on. */
  readonly today?: string | undefined;
  /** An earlier report or baseline, parsed from JSON. */
  readonly baseline?: unknown;
  readonly inline?: (findings: readonly Finding[]) => readonly InlineWaiver[];
  /** Digest of the rule set that found it. */
  readonly rules: string;
}

/** Applies waivers and baseline and asks the gate. Reads no bytes: what was found once can be judged again at any time. */
export async function judge(inspected: Found, judgement: Judgement): Promise<Report> {
  const { config, policy } = judgement;
  const found = numbered(inspected.findings);
  const waived = applyWaivers({
    findings: found,
    artifacts: inspected.artifacts,
    waivers: config.waivers,
    inline: judgement.inline?.(found) ?? [],
    policy: config.waiverPolicy,
    today: judgement.today ?? new Date().toISOString().slice(0, 10),
  });
  const compared = judgement.baseline === undefined ? undefined : compareWithBaseline(waived.findings, readBaseline(judgement.baseline));
  const findings = compared?.findings ?? waived.findings;
  const artifacts = judged(inspected.artifacts, findings);
  const { completeness } = inspected;
  const decision = await policy.decide(
    // Why the date only when the caller gave it: the same scan must give the same decision, byte for byte, tomorrow.
    inputDocument({
      findings,
      artifacts,
      completeness,
      gate: policy.gate,
      waivers: waived.statuses,
      baseline: compared?.summary,
      ...(judgement.today !== undefined && { today: judgement.today }),
    }),
  );
  return {
    schema: 'cordon/report/1',
    verdict: artifacts.map((artifact) => artifact.verdict).reduce(worseVerdict, verdictOfAll(findings)),
    completeness,
    gate: named(decision),
    artifacts,
    findings,
    plugins: [...inspected.plugins],
    waivers: waived.statuses,
    ...(compared !== undefined && { baseline: compared.summary }),
    stats: statsOf(inspected, findings),
    tool: { name: 'cordon', version: VERSION, rules: judgement.rules },
  };
}

/** Gives every artifact its findings and its verdict. */
function judged(artifacts: readonly DraftArtifact[], findings: readonly Finding[]): Artifact[] {
  const byPath = groupByPath(findings);
  return artifacts.map((artifact) => {
    const own = byPath.get(artifact.path) ?? [];
    return { ...artifact, verdict: verdictOfAll(own), findings: own.map((finding) => finding.id) };
  });
}

function verdictOfAll(findings: readonly Finding[]): Verdict {
  return findings
    .filter((finding) => finding.suppressed === undefined)
    .reduce<Verdict>((verdict, { severity }) => worseVerdict(verdict, verdictOf(severity)), 'clean');
}

function named({ gate, ...decision }: Decision): Report['gate'] {
  return { name: gate, ...decision };
}

function statsOf(inspected: Found, findings: readonly Finding[]): Report['stats'] {
  const counted = findings.filter((finding) => finding.suppressed === undefined);
  return {
    files: inspected.artifacts.length,
    bytes: inspected.bytes,
    members: inspected.members,
    findings: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, counted.filter((finding) => finding.severity === severity).length]),
    ),
    suppressed: findings.length - counted.length,
    cut: inspected.cut,
  };
}

function groupByPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.location.path);
    if (group === undefined) groups.set(finding.location.path, [finding]);
    else group.push(finding);
  }
  return groups;
}

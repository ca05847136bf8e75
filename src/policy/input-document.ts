import type { Artifact, Json } from '../core/artifact.ts';
import type { Finding } from '../core/finding.ts';
import type { BaselineSummary } from '../core/report.ts';
import { severityRank, type Severity } from '../core/severity.ts';
import type { Completeness, Verdict } from '../core/verdict.ts';
import type { WaiverStatus } from '../core/waiver.ts';

/** A finding as policies see it. Every field is always there, so that a condition needs no `has()`. */
export interface FindingInput {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** 0 info, 1 low, 2 medium, 3 high, 4 critical. */
  readonly rank: number;
  readonly path: string;
  /** Names inside nested containers, joined by `!`; empty for the file itself. */
  readonly member: string;
  readonly key: string;
  readonly message: string;
  readonly fingerprint: string;
  /** A waiver covers it. */
  readonly suppressed: boolean;
  /** It says that content could not be read to its end, so that nothing is known of the rest. */
  readonly unread: boolean;
  /** Empty when there was no comparison. */
  readonly baseline: 'new' | 'unchanged' | '';
  readonly maps: readonly string[];
  readonly evidence: Readonly<Record<string, Json>>;
  /** Format and digest of the file it is in; empty when unknown. */
  readonly format: string;
  readonly sha256: string;
}

/** Facts by name. Why lists: a container has a value for each member, and a gate must not be content with the first. */
export type FactsInput = Readonly<Record<string, readonly Json[]>>;

/** An artifact as policies see it. */
export interface ArtifactInput {
  readonly path: string;
  /** Empty when it could not be read. */
  readonly sha256: string;
  /** Bytes; -1 when it could not be read. */
  readonly size: number;
  readonly format: string;
  readonly verdict: Verdict;
  readonly completeness: Completeness;
  /** Why it is not complete. */
  readonly reasons: readonly string[];
  /** Facts measured from the bytes. */
  readonly measured: FactsInput;
  /** Facts the artifact states of itself: never a reason to trust it. */
  readonly declared: FactsInput;
}

/** What surrounds the scan. No clock, user or environment: the same inputs give the same decision everywhere. */
export interface ContextInput {
  readonly gate: string;
  /** ISO date, only when the caller passes one. */
  readonly today: string;
  readonly baseline: { readonly compared: boolean; readonly new: number; readonly unchanged: number; readonly fixed: number };
  readonly waivers: {
    readonly active: number;
    readonly nearExpiry: number;
    readonly expired: number;
    readonly unmatched: number;
    readonly refused: number;
  };
}

/** The document every policy engine decides on: CEL, Rego in WebAssembly, or an OPA server (there as `input`). */
export interface PolicyInput {
  readonly findings: readonly FindingInput[];
  readonly artifacts: readonly ArtifactInput[];
  readonly completeness: Completeness;
  readonly context: ContextInput;
}

/** What an input document is made from: the parts of a report that exist before its decision. */
export interface InputParts {
  readonly findings: readonly Finding[];
  readonly artifacts: readonly Artifact[];
  readonly completeness: Completeness;
  readonly gate: string;
  readonly waivers?: readonly WaiverStatus[];
  readonly baseline?: BaselineSummary | undefined;
  readonly today?: string;
}

/** Rules that say: content is there that was not read. The engine's own, and those of readers that know why. */
export const UNREAD_RULES: ReadonlySet<string> = new Set([
  'engine.limit-reached',
  'engine.malformed',
  'engine.unsupported',
  'engine.encrypted',
  'engine.scanner-failed',
  'engine.timeout',
  'engine.unreadable',
  'archive.unread-container',
  'lfs-pointer.content-absent',
  'seven-zip.encrypted',
  'seven-zip.unsupported-method',
  'zip.encrypted-member',
  'zip.unsupported-method',
]);

/** Makes the document that policies decide on. Why fields in alphabetical order: its digest then needs no sorting. */
export function inputDocument(parts: InputParts): PolicyInput {
  const artifacts = new Map(parts.artifacts.map((artifact) => [artifact.path, artifact]));
  const count = (status: WaiverStatus['status']): number => (parts.waivers ?? []).filter((waiver) => waiver.status === status).length;
  return {
    findings: parts.findings.map((finding) => findingInput(finding, artifacts.get(finding.location.path))),
    artifacts: parts.artifacts.map(artifactInput),
    completeness: parts.completeness,
    context: {
      gate: parts.gate,
      today: parts.today ?? '',
      baseline: {
        compared: parts.baseline !== undefined,
        new: parts.baseline?.new ?? 0,
        unchanged: parts.baseline?.unchanged ?? 0,
        fixed: parts.baseline?.fixed.length ?? 0,
      },
      waivers: {
        active: count('active'),
        nearExpiry: count('near-expiry'),
        expired: count('expired'),
        unmatched: count('unmatched'),
        refused: count('refused'),
      },
    },
  };
}

function findingInput(finding: Finding, artifact: Artifact | undefined): FindingInput {
  return {
    baseline: finding.baseline ?? '',
    evidence: finding.evidence,
    fingerprint: finding.fingerprint,
    format: artifact?.format ?? '',
    id: finding.id,
    key: finding.key,
    maps: finding.maps,
    member: finding.location.member ?? '',
    message: finding.message,
    path: finding.location.path,
    rank: severityRank(finding.severity),
    rule: finding.rule,
    severity: finding.severity,
    sha256: artifact?.sha256 ?? '',
    suppressed: finding.suppressed !== undefined,
    unread: UNREAD_RULES.has(finding.rule),
  };
}

function artifactInput(artifact: Artifact): ArtifactInput {
  return {
    completeness: artifact.completeness,
    declared: factsInput(artifact, 'declared'),
    format: artifact.format,
    measured: factsInput(artifact, 'measured'),
    path: artifact.path,
    reasons: artifact.reasons,
    sha256: artifact.sha256 ?? '',
    size: artifact.size ?? -1,
    verdict: artifact.verdict,
  };
}

function factsInput(artifact: Artifact, basis: 'measured' | 'declared'): FactsInput {
  const facts = new Map<string, Json[]>();
  for (const fact of artifact.facts) {
    if (fact.basis !== basis) continue;
    const values = facts.get(fact.name);
    if (values === undefined) facts.set(fact.name, [fact.value]);
    else values.push(fact.value);
  }
  return Object.fromEntries(facts);
}

import type { WaiverPolicy } from '../../core/config.ts';
import type { Finding, Suppression } from '../../core/finding.ts';
import type { Waiver, WaiverStatus } from '../../core/waiver.ts';
import { matchesGlob } from '../glob.ts';
import { isDate, plusDays } from './dates.ts';
import type { InlineWaiver } from './inline.ts';

/** What waivers are applied to, and by which rules. */
export interface WaiverInput {
  readonly findings: readonly Finding[];
  /** For waivers that hold only while an artifact has a certain digest. */
  readonly artifacts: readonly { readonly path: string; readonly sha256: string | null }[];
  /** From cordon.yaml. */
  readonly waivers: readonly Waiver[];
  /** From comments in scanned files; empty unless the user asked for them. */
  readonly inline?: readonly InlineWaiver[];
  readonly policy: WaiverPolicy;
  /** ISO date. A parameter, so that the same inputs give the same report. */
  readonly today: string;
}

/** A waiver of either origin, ready to be matched. */
interface Candidate {
  readonly id: string;
  readonly rule: string;
  readonly kind: Suppression['kind'];
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
  /** Why it may not count at all. */
  readonly refusal: string | undefined;
  /** Whether it covers a finding of a rule that it names. */
  covers(finding: Finding, sha256: string | null): boolean;
}

/**
 * Applies waivers: a covered finding stays, marked as suppressed. Every waiver gets a status: active, near-expiry, expired
 * (its findings count again), unmatched (it covers nothing) or refused (the waiver policy does not allow it).
 */
export function applyWaivers(input: WaiverInput): { findings: Finding[]; statuses: WaiverStatus[] } {
  const { findings, policy, today } = input;
  const digests = new Map(input.artifacts.map(({ path, sha256 }) => [path, sha256]));
  const candidates = [
    ...input.waivers.map((waiver) => fromConfig(waiver, policy, today)),
    ...(input.inline ?? []).map((waiver) => fromComment(waiver, policy, today)),
  ];
  const covered = new Map<Candidate, string[]>(candidates.map((candidate) => [candidate, []]));
  const byRule = new Map<string, readonly Candidate[]>();
  for (const { rule } of findings) {
    if (!byRule.has(rule))
      byRule.set(
        rule,
        candidates.filter((candidate) => coversRule(candidate.rule, rule)),
      );
  }
  const judged = findings.map((finding): Finding => {
    const matching = (byRule.get(finding.rule) ?? []).filter((candidate) =>
      candidate.covers(finding, digests.get(finding.location.path) ?? null),
    );
    for (const candidate of matching) covered.get(candidate)?.push(finding.id);
    const active = matching.find((candidate) => candidate.refusal === undefined && candidate.expires >= today);
    return active === undefined ? finding : { ...finding, suppressed: suppressionOf(active) };
  });
  return { findings: judged, statuses: candidates.map((candidate) => statusOf(candidate, covered.get(candidate) ?? [], policy, today)) };
}

function fromConfig(waiver: Waiver, policy: WaiverPolicy, today: string): Candidate {
  const { id, rule, reason, owner, created } = waiver;
  const expires = waiver.expires ?? plusDays(created ?? today, policy.defaultDays);
  return {
    id,
    rule,
    kind: 'external',
    reason,
    owner,
    expires,
    refusal: refusalOf(rule, created, expires, policy, today),
    covers: (finding, sha256) =>
      (waiver.path === undefined || matchesGlob(finding.location.path, waiver.path)) &&
      (waiver.fingerprint === undefined || waiver.fingerprint === finding.fingerprint) &&
      (waiver.sha256 === undefined || waiver.sha256.toLowerCase() === sha256) &&
      (waiver.key === undefined || waiver.key === finding.key),
  };
}

function fromComment(waiver: InlineWaiver, policy: WaiverPolicy, today: string): Candidate {
  const { path, line, scope, rule, reason = '', owner = '', expires = '' } = waiver;
  const missing = [reason === '' && 'reason', owner === '' && 'owner', expires === '' && 'expiry date'].filter((part) => part !== false);
  const incomplete = missing.length > 0 ? `it has no ${missing.join(', no ')}` : !isDate(expires) ? `${expires} is not a date` : undefined;
  return {
    id: `${path}:${line}`,
    rule,
    kind: 'inline',
    reason,
    owner,
    expires,
    refusal: incomplete ?? refusalOf(rule, undefined, expires, policy, today),
    covers: ({ location }) =>
      location.path === path &&
      (scope === 'file' || (location.member === undefined && (location.line === line || location.line === line + 1))),
  };
}

/** Why counted from today at the latest: a creation date in the future would stretch the longest duration allowed. */
function refusalOf(rule: string, created: string | undefined, expires: string, policy: WaiverPolicy, today: string): string | undefined {
  const start = created !== undefined && created < today ? created : today;
  if (expires > plusDays(start, policy.maxDays)) return `it lasts longer than ${policy.maxDays} days`;
  const forbidden = policy.forbid.find((pattern) => overlaps(rule, pattern));
  return forbidden === undefined ? undefined : `the waiver policy forbids waivers for ${forbidden}`;
}

function suppressionOf({ id, reason, owner, expires, kind }: Candidate): Suppression {
  return { waiver: id, reason, owner, expires, kind };
}

function statusOf(candidate: Candidate, findings: readonly string[], policy: WaiverPolicy, today: string): WaiverStatus {
  const { id, expires, owner } = candidate;
  const told = (status: WaiverStatus['status'], message: string): WaiverStatus => ({
    id,
    status,
    message,
    expires,
    findings: [...findings],
  });
  const owned = owner === '' ? '' : ` (${owner})`;
  if (candidate.refusal !== undefined) return told('refused', `refused: ${candidate.refusal}`);
  if (expires < today) {
    const counted = findings.length === 0 ? 'remove it' : `${count(findings)} again`;
    return told('expired', `expired on ${expires}${owned}: ${counted}`);
  }
  if (findings.length === 0) return told('unmatched', `covers nothing${owned}: remove it, or correct it`);
  if (expires <= plusDays(today, policy.nearExpiryDays)) return told('near-expiry', `ends on ${expires}${owned}`);
  return told('active', `until ${expires}${owned}`);
}

function count(findings: readonly string[]): string {
  return findings.length === 1 ? '1 finding counts' : `${findings.length} findings count`;
}

/** A pattern is a rule id, a prefix ending in `.*`, or `*` for all. */
function coversRule(pattern: string, rule: string): boolean {
  if (pattern === '*') return true;
  return pattern.endsWith('.*') ? rule.startsWith(pattern.slice(0, -1)) : pattern === rule;
}

/** Whether two patterns can cover the same rule. */
function overlaps(a: string, b: string): boolean {
  const prefix = (pattern: string): string => (pattern.endsWith('*') ? pattern.slice(0, -1) : pattern);
  return coversRule(a, prefix(b)) || coversRule(b, prefix(a)) || prefix(a) === prefix(b);
}

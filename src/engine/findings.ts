import type { Finding } from '../core/finding.ts';
import type { Rule } from '../core/rule.ts';
import { severityRank } from '../core/severity.ts';
import { contentFingerprint, fingerprint } from './fingerprint.ts';
import type { Sighting } from './inspect-file.ts';

/** A finding before it has its id, which depends on all others. */
export type DraftFinding = Omit<Finding, 'id'>;

/** Makes a finding of what a plugin saw in a file. */
export function findingOf(sighting: Sighting, path: string, sha256: string | null, rules: ReadonlyMap<string, Rule>): DraftFinding {
  const rule = rules.get(sighting.rule);
  if (rule === undefined) throw new Error(`undeclared rule ${sighting.rule}`);
  const { members, at, key } = sighting;
  const identity = { path, members, rule: rule.id, key };
  return {
    rule: rule.id,
    severity: sighting.severity ?? rule.severity,
    message: sighting.message,
    location: {
      path,
      ...(members.length > 0 && { member: members.join('!') }),
      ...(at?.line !== undefined && { line: at.line }),
      ...(at?.column !== undefined && { column: at.column }),
      ...(at?.offset !== undefined && { offset: at.offset }),
    },
    key,
    fingerprint: fingerprint(identity),
    contentFingerprint: contentFingerprint({ ...identity, sha256 }),
    evidence: sighting.evidence ?? {},
    fix: sighting.fix ?? rule.fix,
    maps: [...rule.maps],
  };
}

/** Sorts by severity, place and rule, and numbers by fingerprint, so that the same scan gives the same report. */
export function numbered(drafts: readonly DraftFinding[]): Finding[] {
  const seen = new Map<string, number>();
  return drafts.toSorted(compare).map((draft) => {
    const base = draft.fingerprint.replace(/^fp\/v1:/, '').slice(0, 12);
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return { id: count === 1 ? base : `${base}-${count}`, ...draft };
  });
}

function compare(a: DraftFinding, b: DraftFinding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    order(a.location.path, b.location.path) ||
    order(a.location.member ?? '', b.location.member ?? '') ||
    order(a.rule, b.rule) ||
    order(a.key, b.key) ||
    (a.location.offset ?? a.location.line ?? 0) - (b.location.offset ?? b.location.line ?? 0)
  );
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

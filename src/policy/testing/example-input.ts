import type { ArtifactInput, FindingInput, PolicyInput } from '../input-document.ts';
import { severityRank } from '../../core/severity.ts';

/** A finding for tests and policy tests: ordinary values wherever nothing is given. */
export function exampleFinding(given: Partial<FindingInput> = {}): FindingInput {
  const severity = given.severity ?? 'high';
  return {
    id: 'f1',
    rule: 'example.rule',
    path: 'model.pkl',
    member: '',
    key: 'example',
    message: 'example',
    fingerprint: 'fp/v1:00000000000000000000000000000000',
    suppressed: false,
    unread: false,
    baseline: '',
    maps: [],
    evidence: {},
    format: 'pickle',
    sha256: '',
    ...given,
    severity,
    rank: severityRank(severity),
  };
}

/** An artifact for tests and policy tests: clean, complete and ordinary wherever nothing is given. */
export function exampleArtifact(given: Partial<ArtifactInput> = {}): ArtifactInput {
  return {
    path: 'model.pkl',
    sha256: '',
    size: 1_000,
    format: 'pickle',
    verdict: 'clean',
    completeness: 'complete',
    reasons: [],
    measured: {},
    declared: {},
    ...given,
  };
}

/** An input document for tests and policy tests. */
export function exampleInput(given: Partial<PolicyInput> = {}): PolicyInput {
  return {
    findings: [],
    artifacts: [],
    completeness: 'complete',
    ...given,
    context: {
      gate: 'ci',
      today: '',
      baseline: { compared: false, new: 0, unchanged: 0, fixed: 0 },
      waivers: { active: 0, nearExpiry: 0, expired: 0, unmatched: 0, refused: 0 },
      ...given.context,
    },
  };
}

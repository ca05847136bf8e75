import { contradictionsIn } from '../../evidence/bom/collect.ts';
import { BOM_RULES } from '../../evidence/bom/rules.ts';
import type { VerifiedAttestation } from '../../evidence/attestations/verify-attestation.ts';
import { findingOf } from '../findings.ts';
import type { Assessed } from './assess.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

const RULES = new Map(BOM_RULES.map((rule) => [rule.id as string, rule]));
/** Why: a repository of hundreds of wrong configurations says the same each time. */
const FINDINGS_AT_MOST = 50;

/**
 * Adds what the card, the configuration and the name of the repository say that is not so. Why at each decision and not kept: it
 * follows from stored facts, so that new rules of this kind reach everything stored without reading bytes, and it depends on the name.
 */
export function withContradictions(
  assessed: Assessed,
  repository: Pick<Repository, 'kind' | 'namespace' | 'name'>,
  attestations: readonly VerifiedAttestation[] = [],
): Assessed {
  if (repository.kind !== 'model') return assessed;
  const { artifacts } = assessed;
  const found = contradictionsIn({ name: repositoryId(repository), artifacts, attestations });
  if (found.length === 0) return assessed;
  const digests = new Map(artifacts.map(({ path, sha256 }) => [path, sha256]));
  const findings = found.slice(0, FINDINGS_AT_MOST).map(({ rule, severity, message, source }) => {
    const path = digests.has(source) ? source : '.';
    return findingOf({ rule, severity, message, key: rule, members: [] }, path, digests.get(source) ?? null, RULES);
  });
  return { ...assessed, findings: [...assessed.findings, ...findings] };
}

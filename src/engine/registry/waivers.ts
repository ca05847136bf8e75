import type { Finding } from '../../core/finding.ts';
import { Waiver } from '../../core/waiver.ts';
import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';

/**
 * The waivers of the configuration and of the registry that could cover one of these findings. Why only those: a waiver for
 * another model is no news here, and would be reported as covering nothing.
 */
export async function waiversFor(
  context: RegistryContext,
  repository: Repository | undefined,
  findings: readonly Pick<Finding, 'rule'>[],
): Promise<readonly Waiver[]> {
  const rows = await context.store.db
    .selectFrom('registry_waiver')
    .select(['body', 'repository_id', 'approved_by'])
    .where('revoked_at', 'is', null)
    .execute();
  const granted = rows
    .filter((row) => row.approved_by !== null && (row.repository_id === null || row.repository_id === repository?.id))
    .map((row) => Waiver.parse(JSON.parse(row.body)));
  const rules = new Set(findings.map(({ rule }) => rule));
  return [...context.config.waivers, ...granted].filter(({ rule }) => [...rules].some((found) => covers(rule, found)));
}

function covers(pattern: string, rule: string): boolean {
  return pattern.endsWith('.*') ? rule.startsWith(pattern.slice(0, -1)) : pattern === rule;
}

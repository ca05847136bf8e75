import type { Finding } from '../../core/finding.ts';
import type { Report } from '../../core/report.ts';
import { Waiver } from '../../core/waiver.ts';
import type { Tx } from '../../store/open-store.ts';
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
    .select('body')
    .where('revoked_at', 'is', null)
    .where('approved_by', 'is not', null)
    .where('expires_at', '>', context.now())
    .where((where) =>
      where.or([where('repository_id', 'is', null), ...(repository === undefined ? [] : [where('repository_id', '=', repository.id)])]),
    )
    .execute();
  const granted = rows.map((row) => Waiver.parse(JSON.parse(row.body)));
  const rules = new Set(findings.map(({ rule }) => rule));
  return [...context.config.waivers, ...granted].filter(({ rule }) => [...rules].some((found) => covers(rule, found)));
}

const DAY_MS = 86_400_000;

/**
 * Does a decision rest on a waiver that was revoked or has ended since it was made? Why asked in the transaction that applies it: a
 * scan takes long, and a batch of decisions too.
 */
export async function restsOnEnded(tx: Pick<Tx, 'selectFrom'>, report: Pick<Report, 'waivers'>, now: number): Promise<boolean> {
  const used = usedWaivers(report);
  if (used.length === 0) return false;
  const ended = await tx
    .selectFrom('registry_waiver')
    .select('id')
    .where(
      'id',
      'in',
      used.map(({ id }) => id),
    )
    .where((where) => where.or([where('revoked_at', 'is not', null), where('expires_at', '<=', now)]))
    .executeTakeFirst();
  return ended !== undefined;
}

function usedWaivers(report: Pick<Report, 'waivers'>): Report['waivers'] {
  return report.waivers.filter(({ findings, status }) => findings.length > 0 && (status === 'active' || status === 'near-expiry'));
}

/** When the first waiver ends that covers something in a report, epoch milliseconds: then it must be decided again. */
export async function endOfWaivers(context: RegistryContext, report: Pick<Report, 'waivers'>): Promise<number | undefined> {
  const used = usedWaivers(report);
  if (used.length === 0) return undefined;
  const granted = await context.store.db
    .selectFrom('registry_waiver')
    .select(['id', 'expires_at'])
    .where(
      'id',
      'in',
      used.map(({ id }) => id),
    )
    .execute();
  const ends = new Map(granted.map(({ id, expires_at }) => [id, expires_at]));
  // A waiver of the configuration counts to the end of its last day.
  return Math.min(...used.map(({ id, expires }) => ends.get(id) ?? Date.parse(`${expires}T00:00:00Z`) + DAY_MS));
}

function covers(pattern: string, rule: string): boolean {
  if (pattern === '*') return true;
  return pattern.endsWith('.*') ? rule.startsWith(pattern.slice(0, -1)) : pattern === rule;
}

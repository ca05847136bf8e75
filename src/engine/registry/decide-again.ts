import type { Report } from '../../core/report.ts';
import { settle } from './admit.ts';
import { assessedBefore } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { askGate, openGate, reasonOf } from './decide.ts';
import { DAMAGED } from './maintenance/damage.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import { endOfWaivers } from './waivers.ts';

/** A manifest whose admission a new decision changes. */
export interface Changed {
  readonly repository: string;
  readonly kind: Repository['kind'];
  readonly manifest: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** An admission that may have to change. */
export interface Decided {
  readonly manifest: string;
  readonly state: string;
  readonly expires_at: number | null;
}

/** Decides again about everything in a repository from what scanners said, after a waiver changed. A recall stays. */
export async function decideRepositoryAgain(context: RegistryContext, repository: Repository): Promise<void> {
  const policy = await openGate(context, context.config.registry.ingest.gate);
  const rules = (await context.scanners.ruleBook()).digest;
  const rows = await context.store.db
    .selectFrom('admission')
    .select(['manifest', 'state', 'reason', 'expires_at'])
    .where('repository_id', '=', repository.id)
    .where('state', 'in', ['admitted', 'quarantined'])
    .execute();
  for (const row of rows) {
    if (row.reason.startsWith(DAMAGED)) continue;
    const assessed = await assessedBefore(context, row.manifest, rules);
    if (assessed === undefined) {
      await makePending(context, repository, row.manifest);
      continue;
    }
    const report = await askGate(context, policy, repository, assessed);
    if (await isChanged(context, row, report)) await settle(context, repository, row.manifest, report);
  }
}

/** Does a new decision say something else than the admission, or end at another time? */
export async function isChanged(context: RegistryContext, { state, expires_at }: Decided, report: Report): Promise<boolean> {
  return stateOf(report) !== state || ((await endOfWaivers(context, report)) ?? null) !== expires_at;
}

/** What a new decision changes for those who ask for it; undefined: nothing. */
export function verdictOf(repository: Repository, { manifest, state }: Decided, report: Report): Changed | undefined {
  const after = stateOf(report);
  if (after === state) return undefined;
  return { repository: repositoryId(repository), kind: repository.kind, manifest, before: state, after, reason: reasonOf(report) };
}

function stateOf(report: Report): 'quarantined' | 'admitted' {
  return report.gate.effect === 'deny' ? 'quarantined' : 'admitted';
}

/** Why: what was never scanned under the rules of today is read again by the next reader. */
async function makePending(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  await context.store.db
    .updateTable('admission')
    .set({ state: 'pending', reason: 'not decided again yet', updated_at: context.now() })
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    .where('state', 'in', ['admitted', 'quarantined'])
    .execute();
}

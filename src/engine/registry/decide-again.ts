import { settle } from './admit.ts';
import { assessedBefore } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { askGate, openGate, reasonOf } from './decide.ts';
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
    .select(['manifest', 'state', 'expires_at'])
    .where('repository_id', '=', repository.id)
    .where('state', 'in', ['admitted', 'quarantined'])
    .execute();
  for (const row of rows) {
    const assessed = await assessedBefore(context, row.manifest, rules);
    if (assessed === undefined) await makePending(context, repository, row.manifest);
    else await decideAgain(context, repository, row, await askGate(context, policy, repository, assessed), false);
  }
}

/** Writes down a new decision where it changes something, and answers what. */
export async function decideAgain(
  context: RegistryContext,
  repository: Repository,
  { manifest, state, expires_at }: Decided,
  report: Awaited<ReturnType<typeof askGate>>,
  isDryRun: boolean,
): Promise<Changed | undefined> {
  const after = report.gate.effect === 'deny' ? 'quarantined' : 'admitted';
  const ends = (await endOfWaivers(context, report)) ?? null;
  if (after === state && ends === expires_at) return undefined;
  if (!isDryRun) await settle(context, repository, manifest, report);
  if (after === state) return undefined;
  return { repository: repositoryId(repository), kind: repository.kind, manifest, before: state, after, reason: reasonOf(report) };
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

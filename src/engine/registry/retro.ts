import { appendEntry } from '../../evidence/ledger/append.ts';
import { settle } from './admit.ts';
import { assess, assessedBefore } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { askGate, openGate, reasonOf } from './decide.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

/** A manifest whose admission a new decision changes. */
export interface Changed {
  readonly repository: string;
  readonly kind: Repository['kind'];
  readonly manifest: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** What deciding again came to. */
export interface RetroHunt {
  readonly decided: number;
  readonly changed: readonly Changed[];
  /** Never scanned under the rules of this build: scanned again, with `rescan`, or left as they are. */
  readonly outdated: number;
}

export interface RetroOptions {
  /** Only list what would change. */
  readonly dryRun?: boolean;
  /** Read the bytes again of what was never scanned under the rules of this build. */
  readonly rescan?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Asks the gate of the ingest again about everything stored, from what scanners said then: no bytes are read. What is refused
 * now is quarantined from the next request on; what is allowed now is served. A recall stays.
 */
export async function retro(context: RegistryContext, options: RetroOptions = {}): Promise<RetroHunt> {
  const policy = await openGate(context, context.config.registry.ingest.gate);
  const { digest } = await context.scanners.ruleBook();
  const rows = await context.store.db
    .selectFrom('admission')
    .innerJoin('repository', 'repository.id', 'admission.repository_id')
    .selectAll('repository')
    .select(['admission.manifest', 'admission.state', 'admission.reason'])
    .where('admission.state', 'in', ['admitted', 'quarantined'])
    .orderBy('admission.repository_id')
    .execute();
  const changed: Changed[] = [];
  let [decided, outdated, done] = [0, 0, 0];
  for (const { manifest, state, reason: _reason, ...repository } of rows) {
    options.onProgress?.(done++, rows.length);
    const rules = await newestRules(context, manifest, digest);
    if (rules !== digest) outdated++;
    const assessed = rules === undefined ? undefined : await assessedBefore(context, manifest, rules);
    if (assessed === undefined || (rules !== digest && options.rescan === true)) {
      if (options.rescan === true && options.dryRun !== true) await decideAfresh(context, repository, manifest);
      continue;
    }
    const report = await askGate(context, policy, repository, assessed);
    decided++;
    const after = report.gate.effect === 'deny' ? 'quarantined' : 'admitted';
    if (after === state) continue;
    changed.push({ repository: repositoryId(repository), kind: repository.kind, manifest, before: state, after, reason: reasonOf(report) });
    if (options.dryRun !== true) await settle(context, repository, manifest, report);
  }
  const hunt = { decided, changed, outdated };
  if (options.dryRun !== true) {
    await context.store.transaction(async (tx) => {
      await appendEntry(tx, {
        kind: 'retro.finished',
        body: { decided, changed: changed.length, outdated, policy: context.config.registry.ingest.gate },
      });
    });
  }
  return hunt;
}

/** The rules under which all of a manifest was scanned last: those of this build, if they are among them. */
async function newestRules(context: RegistryContext, manifest: string, current: string): Promise<string | undefined> {
  const rows = await context.store.db
    .selectFrom('assessment')
    .select(['rules'])
    .where('sha256', '=', manifest)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.find(({ rules }) => rules === current)?.rules ?? rows[0]?.rules;
}

async function decideAfresh(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  const assessed = await assess(context, manifest);
  const policy = await openGate(context, context.config.registry.ingest.gate);
  await settle(context, repository, manifest, await askGate(context, policy, repository, assessed));
}

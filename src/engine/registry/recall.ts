import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

/** Who fetched a recalled manifest. */
export interface Puller {
  readonly principal: string;
  readonly client: string;
  readonly repository: string;
  /** Epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly files: number;
}

/** What a recall did. */
export interface Recall {
  readonly manifest: string;
  /** Repositories in which it was blocked. */
  readonly repositories: readonly string[];
  readonly pulledBy: readonly Puller[];
}

/**
 * Blocks a set of files in every repository that has it, from the next request on, and tells who fetched it. Only for those who
 * may recall in all these repositories.
 */
export async function recall(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  manifest: string,
  reason: string,
): Promise<Recall> {
  authorize(principal, 'recall', repository);
  const now = context.now();
  const why = `Cordon: recalled by ${principal.name}: ${reason.slice(0, 400)}`;
  await context.pulls.flush();
  const repositories = await context.store.transaction(async (tx) => {
    const holders = await tx
      .selectFrom('admission')
      .innerJoin('repository', 'repository.id', 'admission.repository_id')
      .select(['repository.id', 'repository.namespace', 'repository.name'])
      .where('admission.manifest', '=', manifest)
      .execute();
    for (const holder of holders) authorize(principal, 'recall', holder);
    await tx.updateTable('admission').set({ state: 'recalled', reason: why, updated_at: now }).where('manifest', '=', manifest).execute();
    await tx.updateTable('version').set({ stage: '' }).where('manifest', '=', manifest).execute();
    const names = holders.map(repositoryId);
    const body = { manifest, repositories: names, reason: reason.slice(0, 4_096), by: principal.name };
    await context.announcer.announce(tx, 'version.recalled', body);
    await appendEntry(tx, { kind: 'version.recalled', body });
    return names;
  });
  context.announcer.wake();
  return { manifest, repositories, pulledBy: await pullersOf(context, manifest) };
}

/** Ends a recall: the next reader has it scanned and decided again. */
export async function liftRecall(context: RegistryContext, principal: Principal, repository: Repository, manifest: string): Promise<void> {
  authorize(principal, 'recall', repository);
  await context.store.transaction(async (tx) => {
    await tx
      .updateTable('admission')
      .set({ state: 'pending', reason: 'recall lifted, not decided again yet', updated_at: context.now() })
      .where('manifest', '=', manifest)
      .where('repository_id', '=', repository.id)
      .where('state', '=', 'recalled')
      .execute();
    await appendEntry(tx, { kind: 'recall.lifted', body: { manifest, repository: repositoryId(repository), by: principal.name } });
  });
}

/** Who fetched files of a manifest, from whatever repository. */
export async function pullersOf(context: RegistryContext, manifest: string): Promise<readonly Puller[]> {
  const rows = await context.store.db
    .selectFrom('pull')
    .leftJoin('principal', 'principal.id', 'pull.principal')
    .leftJoin('repository', 'repository.id', 'pull.repository_id')
    .select(['pull.client', 'pull.first_at', 'pull.last_at', 'pull.files', 'pull.principal'])
    .select(['principal.name as who', 'repository.namespace', 'repository.name'])
    .where('pull.manifest', '=', manifest)
    .orderBy('pull.last_at', 'desc')
    .execute();
  return rows.map((row) => ({
    principal: row.who ?? row.principal,
    client: row.client,
    repository: row.namespace === null || row.name === null ? '' : `${row.namespace}/${row.name}`,
    firstAt: row.first_at,
    lastAt: row.last_at,
    files: row.files,
  }));
}

import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { EVERYTHING } from '../../identity/permissions/objects.ts';
import type { Tx } from '../../store/open-store.ts';
import type { RecallTable } from '../../store/schema/repositories.ts';
import { authorize, mayRead } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import { recallOf, recallScope, scopesOf } from './recalls.ts';
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
  /** Repositories that the principal may read and where somebody else has to recall it. */
  readonly elsewhere: readonly string[];
  readonly pulledBy: readonly Puller[];
}

/** Names in an entry of the ledger, which has room for 64 KiB; how many there are is always said. */
const NAMES_AT_MOST = 100;

/**
 * Blocks a set of files in every repository that has it or gets it later and where the principal may recall, from the next
 * request on, and tells who fetched it. Why not all or nothing: a copy in somebody else's namespace would keep it from being
 * recalled at all.
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
  const { blocked, elsewhere } = await context.store.transaction(async (tx) => {
    const holders = await tx
      .selectFrom('admission')
      .innerJoin('repository', 'repository.id', 'admission.repository_id')
      .select(['repository.id', 'repository.namespace', 'repository.name'])
      .where('admission.manifest', '=', manifest)
      .execute();
    const mine = holders.filter((holder) => principal.can('recall', repositoryId(holder)));
    for (const { id } of mine) {
      const state = { state: 'recalled', reason: why, updated_at: now } as const;
      await tx.updateTable('admission').set(state).where('manifest', '=', manifest).where('repository_id', '=', id).execute();
      await tx.updateTable('version').set({ stage: '' }).where('manifest', '=', manifest).where('repository_id', '=', id).execute();
    }
    const scopes = [...new Set(mine.map((holder) => recallScope(principal, holder)))];
    for (const scope of scopes) await keepRecall(tx, { manifest, scope, reason: why, recalled_by: principal.id, created_at: now });
    const others = holders.filter((holder) => !mine.includes(holder));
    const body = {
      manifest,
      repositories: mine.slice(0, NAMES_AT_MOST).map(repositoryId),
      scopes: scopes.slice(0, NAMES_AT_MOST),
      blocked: mine.length,
      elsewhere: others.length,
      reason: reason.slice(0, 4_096),
      by: principal.name,
    };
    await context.announcer.announce(tx, 'version.recalled', body);
    await appendEntry(tx, { kind: 'version.recalled', body });
    return { blocked: mine.map(repositoryId), elsewhere: others.filter((holder) => mayRead(principal, holder)).map(repositoryId) };
  });
  context.announcer.wake();
  await context.pulls.flush();
  return { manifest, repositories: blocked, elsewhere, pulledBy: await pullersOf(context, principal, manifest) };
}

async function keepRecall(tx: Tx, recalled: RecallTable): Promise<void> {
  const { reason, recalled_by, created_at } = recalled;
  await tx
    .insertInto('recall')
    .values(recalled)
    .onConflict((conflict) => conflict.columns(['manifest', 'scope']).doUpdateSet({ reason, recalled_by, created_at }))
    .execute();
}

/**
 * Ends a recall: the next reader has it scanned and decided again. Throws `access.denied` when it was recalled more widely than
 * the principal may recall. Why: what was recalled for all is not for one namespace to bring back.
 */
export async function liftRecall(context: RegistryContext, principal: Principal, repository: Repository, manifest: string): Promise<void> {
  authorize(principal, 'recall', repository);
  await context.store.transaction(async (tx) => {
    const scopes = [...scopesOf(repository)];
    const recalls = await tx.selectFrom('recall').select('scope').where('manifest', '=', manifest).where('scope', 'in', scopes).execute();
    const wider = recalls.find(({ scope }) => !principal.can('recall', scope));
    if (wider !== undefined) {
      const where = wider.scope === '*' ? 'everywhere' : `in ${wider.scope}`;
      throw new CordonError('access.denied', `it was recalled ${where}, where ${principal.name} may not recall`);
    }
    await tx.deleteFrom('recall').where('manifest', '=', manifest).where('scope', 'in', scopes).execute();
    const standing = await recallOf(tx, repository, manifest);
    const after =
      standing === undefined
        ? ({ state: 'pending', reason: 'recall lifted, not decided again yet' } as const)
        : ({ state: 'recalled', reason: standing } as const);
    await tx
      .updateTable('admission')
      .set({ ...after, updated_at: context.now() })
      .where('manifest', '=', manifest)
      .where('repository_id', '=', repository.id)
      .where('state', '=', 'recalled')
      .execute();
    await appendEntry(tx, { kind: 'recall.lifted', body: { manifest, repository: repositoryId(repository), by: principal.name } });
  });
}

/**
 * Who fetched files of a manifest, from the repositories about which the principal may know; from deleted ones, only for those
 * who may know everything.
 */
export async function pullersOf(context: RegistryContext, principal: Principal, manifest: string): Promise<readonly Puller[]> {
  const rows = await context.store.db
    .selectFrom('pull')
    .leftJoin('principal', 'principal.id', 'pull.principal')
    .leftJoin('repository', 'repository.id', 'pull.repository_id')
    .select(['pull.client', 'pull.first_at', 'pull.last_at', 'pull.files', 'pull.principal'])
    .select(['principal.name as who', 'repository.namespace', 'repository.name'])
    .where('pull.manifest', '=', manifest)
    .orderBy('pull.last_at', 'desc')
    .execute();
  const pullers = rows.map((row) => ({
    principal: row.who ?? row.principal,
    client: row.client,
    repository: row.namespace === null || row.name === null ? '' : `${row.namespace}/${row.name}`,
    firstAt: row.first_at,
    lastAt: row.last_at,
    files: row.files,
  }));
  return pullers.filter(({ repository }) => {
    const object = repository === '' ? EVERYTHING : repository;
    return principal.can('audit', object) || principal.can('recall', object);
  });
}

import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { EVERYTHING, type ObjectName } from '../../identity/permissions/objects.ts';
import type { Tx } from '../../store/open-store.ts';
import { mayRead } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import { type Puller, pullersOf } from './recall.ts';
import { recallOf, recallScope, scopesOf } from './recalls.ts';

/** What a recall of a content did. */
export interface ContentRecall {
  readonly sha256: string;
  /** Where it counts, for files that come later too. */
  readonly scopes: readonly string[];
  /** Repositories in which something was blocked. */
  readonly repositories: readonly string[];
  /** Sets of files that were blocked. */
  readonly manifests: readonly string[];
  /** Repositories that the principal may read and where somebody else has to recall it. */
  readonly elsewhere: readonly string[];
  readonly pulledBy: readonly Puller[];
}

/** A recall of a content that stands. */
export interface StandingRecall {
  readonly sha256: string;
  readonly scope: string;
  readonly reason: string;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Holder {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly manifest: string;
}

/** Names in an entry of the ledger and in an answer; how many there are is always said. */
const NAMES_AT_MOST = 100;
const MANIFESTS_AT_ONCE = 500;

/**
 * Blocks every set of files that holds this content, wherever the principal may recall, from the next request on and also when it comes
 * later, and tells who fetched one. Throws `access.denied` when the principal may recall nothing that has it: the same whether or not
 * anybody else has, because a digest must not tell what is in places that one may not see.
 */
export async function recallContent(
  context: RegistryContext,
  principal: Principal,
  sha256: string,
  reason: string,
): Promise<ContentRecall> {
  const now = context.now();
  const why = `Cordon: the content ${sha256.slice(0, 12)} was recalled by ${principal.name}: ${reason.slice(0, 400)}`;
  const { mine, others, scopes } = await context.store.transaction(async (tx) => {
    const holders = await holdersOf(tx, sha256);
    const own = holders.filter((holder) => principal.can('recall', repositoryId(holder)));
    const found = new Set<ObjectName>(own.map((holder) => recallScope(principal, holder)));
    for (const namespace of await namespacesOf(tx, sha256)) if (principal.can('recall', namespace)) found.add(namespace);
    // Why also when nobody has it: what is known to be bad elsewhere must not come in.
    if (principal.can('recall', EVERYTHING)) found.add(EVERYTHING);
    if (found.size === 0) throw new CordonError('access.denied', 'there is nothing with this content that the credential may recall');
    const kept = found.has(EVERYTHING) ? [EVERYTHING] : [...found];
    for (const scope of kept)
      await tx
        .insertInto('content_recall')
        .values({ sha256, scope, reason: why, recalled_by: principal.id, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['sha256', 'scope']).doUpdateSet({ reason: why, recalled_by: principal.id, created_at: now }),
        )
        .execute();
    for (const { id, manifest } of own) {
      const state = { state: 'recalled', reason: why, updated_at: now } as const;
      await tx.updateTable('admission').set(state).where('manifest', '=', manifest).where('repository_id', '=', id).execute();
      await tx.updateTable('version').set({ stage: '' }).where('manifest', '=', manifest).where('repository_id', '=', id).execute();
    }
    const rest = holders.filter((holder) => !own.includes(holder));
    const names = unique(own.map(repositoryId));
    const body = {
      sha256,
      scopes: kept.slice(0, NAMES_AT_MOST),
      repositories: names.slice(0, NAMES_AT_MOST),
      blocked: own.length,
      elsewhere: rest.length,
      reason: reason.slice(0, 4_096),
      by: principal.name,
    };
    await context.announcer.announce(tx, 'content.recalled', body);
    await appendEntry(tx, { kind: 'content.recalled', body });
    return { mine: own, others: rest, scopes: kept };
  });
  context.announcer.wake();
  await context.pulls.flush();
  const manifests = unique([...mine, ...others].map(({ manifest }) => manifest));
  const pulledBy: Puller[] = [];
  for (const manifest of manifests.slice(0, NAMES_AT_MOST)) pulledBy.push(...(await pullersOf(context, principal, manifest)));
  return {
    sha256,
    scopes,
    repositories: unique(mine.map(repositoryId)),
    manifests: unique(mine.map(({ manifest }) => manifest)),
    elsewhere: unique(others.filter((holder) => mayRead(principal, holder)).map(repositoryId)),
    pulledBy: pulledBy.toSorted((a, b) => b.lastAt - a.lastAt),
  };
}

/**
 * Ends recalls of a content where the principal is an administrator; the next reader has what holds it decided again. Throws
 * `access.denied` when there are some and none is the principal's to end.
 */
export async function liftContentRecall(context: RegistryContext, principal: Principal, sha256: string): Promise<readonly string[]> {
  return context.store.transaction(async (tx) => {
    const standing = await tx.selectFrom('content_recall').select('scope').where('sha256', '=', sha256).execute();
    const mine = standing.map(({ scope }) => scope).filter((scope) => principal.can('admin', scope));
    if (mine.length === 0) {
      const isAdmin = principal.can('admin', EVERYTHING);
      throw new CordonError(isAdmin ? 'file.missing' : 'access.denied', 'there is no recall of this content that the credential may end');
    }
    await tx.deleteFrom('content_recall').where('sha256', '=', sha256).where('scope', 'in', mine).execute();
    for (const holder of await holdersOf(tx, sha256)) {
      if (!scopesOf(holder).some((scope) => mine.includes(scope)) || (await recallOf(tx, holder, holder.manifest)) !== undefined) continue;
      await tx
        .updateTable('admission')
        .set({ state: 'pending', reason: 'recall lifted, not decided again yet', updated_at: context.now() })
        .where('repository_id', '=', holder.id)
        .where('manifest', '=', holder.manifest)
        .where('state', '=', 'recalled')
        .execute();
    }
    await appendEntry(tx, { kind: 'content-recall.lifted', body: { sha256, scopes: mine.slice(0, NAMES_AT_MOST), by: principal.name } });
    return mine;
  });
}

/** Recalls of contents that the principal may know of, newest first. */
export async function listContentRecalls(context: RegistryContext, principal: Principal): Promise<readonly StandingRecall[]> {
  const rows = await context.store.db
    .selectFrom('content_recall')
    .leftJoin('principal', 'principal.id', 'content_recall.recalled_by')
    .select(['content_recall.sha256', 'content_recall.scope', 'content_recall.reason', 'content_recall.created_at'])
    .select(['content_recall.recalled_by', 'principal.name'])
    .orderBy('content_recall.created_at', 'desc')
    .limit(1_000)
    .execute();
  return rows
    .filter(({ scope }) => principal.can('recall', scope) || principal.can('audit', scope))
    .map(({ sha256, scope, reason, recalled_by, name, created_at }) => ({
      sha256,
      scope,
      reason,
      by: name ?? recalled_by,
      at: created_at,
    }));
}

/** Why a loop: a config that every model has may be in thousands of sets. */
async function holdersOf(tx: Tx, sha256: string): Promise<readonly Holder[]> {
  const manifests = await tx.selectFrom('manifest_entry').select('manifest').where('sha256', '=', sha256).distinct().execute();
  const holders: Holder[] = [];
  for (let from = 0; from < manifests.length; from += MANIFESTS_AT_ONCE) {
    holders.push(
      ...(await tx
        .selectFrom('admission')
        .innerJoin('repository', 'repository.id', 'admission.repository_id')
        .select(['repository.id', 'repository.namespace', 'repository.name', 'admission.manifest'])
        .where(
          'admission.manifest',
          'in',
          manifests.slice(from, from + MANIFESTS_AT_ONCE).map(({ manifest }) => manifest),
        )
        .execute()),
    );
  }
  return holders;
}

/** Namespaces in whose runs and logged models the content is. */
async function namespacesOf(tx: Tx, sha256: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('mlflow_artifact')
    .innerJoin('mlflow_experiment', 'mlflow_experiment.id', 'mlflow_artifact.experiment_id')
    .select('mlflow_experiment.namespace')
    .where('mlflow_artifact.sha256', '=', sha256)
    .distinct()
    .execute();
  return rows.map(({ namespace }) => namespace);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

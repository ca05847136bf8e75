import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import { promote } from './promote.ts';
import { refusalOf } from './refusal.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** An alias and the number of the version it leads to. */
export interface Alias {
  readonly alias: string;
  readonly version: number;
}

/** The stage a version must be promoted to before it may have this alias; undefined: none. */
export function gatedStage(context: RegistryContext, alias: string): string | undefined {
  const { mlflow, stages } = context.config.registry;
  const wanted = alias.toLowerCase();
  const written = Object.entries(mlflow.gatedAliases).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return written ?? stages.find(({ name }) => name === wanted)?.name;
}

/**
 * Lets an alias lead to a version. An alias that stands for a stage promotes the version there first. Throws `registry.blocked`
 * with the reasons when that is refused. Why: consumers load by alias, so moving it is what a promotion is.
 */
export async function setAlias(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  alias: string,
  version: Version,
): Promise<void> {
  authorize(principal, 'write', repository);
  const stage = gatedStage(context, alias);
  if (stage !== undefined) {
    const promotion = await promote(context, principal, repository, version, stage);
    if (!promotion.isPromoted) throw refusalOf(promotion);
  }
  const now = context.now();
  await context.store.transaction(async (tx) => {
    await tx
      .insertInto('model_alias')
      .values({ repository_id: repository.id, alias, version: version.number, updated_at: now })
      .onConflict((conflict) => conflict.columns(['repository_id', 'alias']).doUpdateSet({ version: version.number, updated_at: now }))
      .execute();
    await appendEntry(tx, {
      kind: 'alias.set',
      body: { repository: repositoryId(repository), alias, version: version.number, manifest: version.manifest, by: principal.name },
    });
  });
}

/** Removes an alias; one that stands for a stage only for those who may promote. Nothing happens when it is not there. */
export async function deleteAlias(context: RegistryContext, principal: Principal, repository: Repository, alias: string): Promise<void> {
  authorize(principal, gatedStage(context, alias) === undefined ? 'write' : 'promote', repository);
  await context.store.transaction(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('model_alias')
      .where('repository_id', '=', repository.id)
      .where('alias', '=', alias)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return;
    await appendEntry(tx, { kind: 'alias.deleted', body: { repository: repositoryId(repository), alias, by: principal.name } });
  });
}

/** The number of the version an alias leads to. Throws `tracking.missing`. */
export async function resolveAlias(context: RegistryContext, repository: Repository, alias: string): Promise<number> {
  const row = await context.store.db
    .selectFrom('model_alias')
    .select('version')
    .where('repository_id', '=', repository.id)
    .where('alias', '=', alias)
    .executeTakeFirst();
  if (row === undefined) {
    throw new CordonError('tracking.missing', `${repositoryId(repository)} has no alias ${JSON.stringify(alias.slice(0, 200))}`);
  }
  return row.version;
}

/** The aliases of several repositories. */
export async function aliasesOf(context: RegistryContext, repositories: readonly string[]): Promise<ReadonlyMap<string, readonly Alias[]>> {
  const found = new Map<string, Alias[]>(repositories.map((id) => [id, []]));
  if (repositories.length === 0) return found;
  const rows = await context.store.db
    .selectFrom('model_alias')
    .selectAll()
    .where('repository_id', 'in', [...repositories])
    .orderBy('alias')
    .execute();
  for (const { repository_id, alias, version } of rows) found.get(repository_id)?.push({ alias, version });
  return found;
}

import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { RepositoryTable } from '../../store/schema/repositories.ts';
import { Current } from './current.ts';
import { authorize, mayRead, missingRepository } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { type RepositoryName, repositoryId } from './names.ts';
import { chargeBytes, chargeRepository, recountUse } from './quotas.ts';

export type Repository = Selectable<RepositoryTable>;

/** By kind and name, and by id. */
const REPOSITORIES = new Current<Repository>(10_000);

/** Creates a repository. Throws `registry.conflict` when it exists and `access.denied`. */
export async function createRepository(
  context: RegistryContext,
  principal: Principal,
  name: RepositoryName,
  options: { readonly private?: boolean } = {},
): Promise<Repository> {
  const now = context.now();
  const repository: Repository = {
    ...name,
    id: newId(),
    private: options.private === true ? 1 : 0,
    created_by: principal.id,
    created_at: now,
    updated_at: now,
  };
  if (!principal.can('write', repositoryId(name))) {
    throw new CordonError('access.denied', `${principal.name} may not write in ${name.namespace}`);
  }
  return context.store.transaction(async (tx) => {
    const made = await tx
      .insertInto('repository')
      .values(repository)
      .onConflict((conflict) => conflict.columns(['kind', 'namespace', 'name']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) throw new CordonError('registry.conflict', `${repositoryId(name)} exists already`);
    await chargeRepository(context, tx, name.namespace);
    await appendEntry(tx, {
      kind: 'repository.created',
      body: { repository: repositoryId(name), kind: name.kind, private: repository.private === 1, by: principal.name },
    });
    return repository;
  });
}

/** The repository of this name, which the principal may do `action` to. Throws `repository.missing` or `access.denied`. */
export async function openRepository(
  context: RegistryContext,
  principal: Principal,
  name: RepositoryName,
  action: Parameters<typeof authorize>[1] = 'read',
): Promise<Repository> {
  const repository = await REPOSITORIES.get(context.store, `${name.kind} ${repositoryId(name)}`, () => find(context.store.db, name));
  if (repository === undefined) throw missingRepository(repositoryId(name));
  authorize(principal, action, repository);
  return repository;
}

/** The repository with this id, for a principal that may read it. Throws `repository.missing`. */
export async function findRepository(context: RegistryContext, principal: Principal, id: string): Promise<Repository> {
  const repository = await REPOSITORIES.get(context.store, id, () =>
    context.store.db.selectFrom('repository').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  if (repository === undefined || !mayRead(principal, repository)) throw missingRepository('of this address');
  return repository;
}

/** Deletes a repository with its revisions. What is in the ledger stays; bytes go with the next collection. */
export async function deleteRepository(context: RegistryContext, principal: Principal, name: RepositoryName): Promise<void> {
  const repository = await openRepository(context, principal, name, 'delete');
  await context.store.transaction(async (tx) => {
    // Why not the pulls: who has the files must be known also when nobody can fetch them any more.
    for (const table of ['ref', 'pull_request', 'admission', 'version', 'revision'] as const) {
      await tx.deleteFrom(table).where('repository_id', '=', repository.id).execute();
    }
    await tx.deleteFrom('repository').where('id', '=', repository.id).execute();
    await recountUse(context, tx, name.namespace);
    await appendEntry(tx, { kind: 'repository.deleted', body: { repository: repositoryId(name), kind: name.kind, by: principal.name } });
  });
}

/** Gives a repository another name. Throws `registry.conflict` when that is taken. */
export async function moveRepository(
  context: RegistryContext,
  principal: Principal,
  from: RepositoryName,
  to: RepositoryName,
): Promise<void> {
  const repository = await openRepository(context, principal, from, 'admin');
  if (!principal.can('admin', repositoryId(to)))
    throw new CordonError('access.denied', `${principal.name} may not admin ${repositoryId(to)}`);
  await context.store.transaction(async (tx) => {
    if ((await find(tx, to)) !== undefined) throw new CordonError('registry.conflict', `${repositoryId(to)} exists already`);
    await tx
      .updateTable('repository')
      .set({ namespace: to.namespace, name: to.name, updated_at: context.now() })
      .where('id', '=', repository.id)
      .execute();
    if (from.namespace !== to.namespace) {
      await chargeRepository(context, tx, to.namespace);
      await chargeBytes(context, tx, to.namespace, await contentsOf(tx, repository));
      await recountUse(context, tx, from.namespace);
    }
    await appendEntry(tx, {
      kind: 'repository.moved',
      body: { from: repositoryId(from), to: repositoryId(to), kind: from.kind, by: principal.name },
    });
  });
}

/** Every content of a repository, once. */
function contentsOf(tx: Tx, repository: Repository): Promise<{ readonly sha256: string; readonly size: number }[]> {
  return tx
    .selectFrom('revision')
    .innerJoin('manifest_entry', 'manifest_entry.manifest', 'revision.manifest')
    .select(['manifest_entry.sha256', 'manifest_entry.size'])
    .where('revision.repository_id', '=', repository.id)
    .distinct()
    .execute();
}

/** Makes a repository private or public. */
export async function setVisibility(
  context: RegistryContext,
  principal: Principal,
  name: RepositoryName,
  isPrivate: boolean,
): Promise<void> {
  const repository = await openRepository(context, principal, name, 'admin');
  await context.store.transaction(async (tx) => {
    await tx
      .updateTable('repository')
      .set({ private: isPrivate ? 1 : 0, updated_at: context.now() })
      .where('id', '=', repository.id)
      .execute();
    await appendEntry(tx, {
      kind: 'repository.visibility',
      body: { repository: repositoryId(name), kind: name.kind, private: isPrivate, by: principal.name },
    });
  });
}

/** The repository of this name, whoever asks: callers authorize. */
export async function find(db: Pick<Tx, 'selectFrom'>, name: RepositoryName): Promise<Repository | undefined> {
  return db
    .selectFrom('repository')
    .selectAll()
    .where('kind', '=', name.kind)
    .where('namespace', '=', name.namespace)
    .where('name', '=', name.name)
    .executeTakeFirst();
}

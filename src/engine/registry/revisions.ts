import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../store/open-store.ts';
import type { RefTable, RevisionTable } from '../../store/schema/repositories.ts';
import type { RegistryContext } from './context.ts';
import { Current } from './current.ts';
import { repositoryId } from './names.ts';
import { Remembered } from './remembered.ts';
import type { Repository } from './repositories.ts';

export type Revision = Selectable<RevisionTable>;
export type Ref = Selectable<RefTable>;

const FULL_ID = /^[0-9a-f]{40}$/;
/** Why: nobody needs more, and a query must end. */
const COUNTED_AT_MOST = 100_000;
/** By repository and id, which is a digest of everything in the row. */
const REVISIONS = new Remembered<Revision>(10_000);
/** By repository and branch or tag. */
const NAMED = new Current<Revision>(10_000);
const REFS = ['refs/heads/', 'refs/tags/'] as const;

/**
 * The revision a client means by a branch, a tag, `refs/pr/1`, `HEAD` or an id. Throws `revision.missing`. Why ids only of this
 * repository: an id of another one would be a way around its permissions.
 */
export async function resolveRevision(context: RegistryContext, repository: Repository, name: string): Promise<Revision> {
  const { db } = context.store;
  if (FULL_ID.test(name)) {
    const revision = await REVISIONS.get(context.store, `${repository.id} ${name}`, () => findRevision(db, repository.id, name));
    if (revision !== undefined) return revision;
  }
  const revision = await NAMED.get(context.store, `${repository.id} ${name}`, () => findNamed(db, repository.id, name));
  if (revision !== undefined) return revision;
  throw new CordonError('revision.missing', `${repositoryId(repository)} has no revision ${JSON.stringify(name.slice(0, 200))}`);
}

async function findNamed(db: Pick<Tx, 'selectFrom'>, repository: string, name: string): Promise<Revision | undefined> {
  const wanted = name === 'HEAD' ? 'main' : name;
  // Why a full name by itself: a branch `refs/pr/1` would else stand in for the proposed change.
  const names = wanted.startsWith('refs/') ? [wanted] : REFS.map((prefix) => `${prefix}${wanted}`);
  const found = await db
    .selectFrom('ref')
    .innerJoin('revision', (join) =>
      join.onRef('revision.repository_id', '=', 'ref.repository_id').onRef('revision.id', '=', 'ref.revision'),
    )
    .selectAll('revision')
    .select('ref.name as ref_name')
    .where('ref.repository_id', '=', repository)
    .where('ref.name', 'in', names)
    .execute();
  const [first] = found.toSorted((one, other) => names.indexOf(one.ref_name) - names.indexOf(other.ref_name));
  if (first === undefined) return undefined;
  const { ref_name: _, ...revision } = first;
  return revision;
}

/** A branch or tag by its full name. */
export async function findRef(db: Pick<Tx, 'selectFrom'>, repository: string, name: string): Promise<Ref | undefined> {
  return db.selectFrom('ref').selectAll().where('repository_id', '=', repository).where('name', '=', name).executeTakeFirst();
}

/** A revision of a repository by its id. */
export async function findRevision(db: Pick<Tx, 'selectFrom'>, repository: string, id: string): Promise<Revision | undefined> {
  return db.selectFrom('revision').selectAll().where('repository_id', '=', repository).where('id', '=', id).executeTakeFirst();
}

/** All branches, tags and proposed changes, by name. */
export async function listRefs(context: RegistryContext, repository: Repository): Promise<Ref[]> {
  return context.store.db.selectFrom('ref').selectAll().where('repository_id', '=', repository.id).orderBy('name').execute();
}

/** The history of a revision, newest first, in one query. */
export async function listHistory(context: RegistryContext, repository: Repository, from: Revision, limit: number): Promise<Revision[]> {
  if (limit <= 1) return [from];
  return historyOf(context, repository, from, limit).selectAll('revision').orderBy('history.depth').execute();
}

/** How many revisions led to this one, itself included. */
export async function countHistory(context: RegistryContext, repository: Repository, from: Revision): Promise<number> {
  const counted = historyOf(context, repository, from, COUNTED_AT_MOST).select(({ fn }) => fn.countAll<number>().as('count'));
  return Number((await counted.executeTakeFirstOrThrow()).count);
}

function historyOf(context: RegistryContext, repository: Repository, from: Revision, limit: number) {
  return context.store.db
    .withRecursive('history(id, parent, depth)', (db) =>
      db
        .selectFrom('revision')
        .select(['id', 'parent', sql<number>`0`.as('depth')])
        .where('repository_id', '=', repository.id)
        .where('id', '=', from.id)
        .unionAll(
          db
            .selectFrom('history')
            .innerJoin('revision', 'revision.id', 'history.parent')
            .select(['revision.id', 'revision.parent', sql<number>`history.depth + 1`.as('depth')])
            .where('revision.repository_id', '=', repository.id)
            .where('history.depth', '<', limit - 1),
        ),
    )
    .selectFrom('history')
    .innerJoin('revision', 'revision.id', 'history.id')
    .where('revision.repository_id', '=', repository.id);
}

/**
 * The id of a revision: the first 160 bits of SHA-256 over what it says. Why not SHA-1: two contents of one id could be made;
 * why 40 digits: clients take nothing else for an id.
 */
export function revisionId(revision: Omit<Revision, 'id'>): string {
  return createHash('sha256').update(canonicalJson(revision)).digest('hex').slice(0, 40);
}

/** Writes a revision; one that says the same is there once. */
export async function addRevision(tx: Tx, content: Omit<Revision, 'id'>): Promise<Revision> {
  const revision: Revision = { id: revisionId(content), ...content };
  await tx
    .insertInto('revision')
    .values(revision)
    .onConflict((conflict) => conflict.columns(['repository_id', 'id']).doNothing())
    .execute();
  return revision;
}

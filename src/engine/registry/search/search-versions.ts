import { sql } from 'kysely';
import type { Principal } from '../../../identity/permission.ts';
import { mayRead } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import type { Version } from '../versions.ts';
import { allOf, conditionOf, type Searchable } from './conditions.ts';
import { orderTerms } from './order.ts';
import { readablePage, type ReadablePage } from './readable-page.ts';
import { MODEL_NAME, tagOr } from './search-models.ts';
import type { SearchPage } from './search-runs.ts';

function noted(column: string) {
  return sql`coalesce((select ${sql.ref(`n.${column}`)} from model_note n where n.repository_id = version.repository_id and n.version = version.number), '')`;
}

const VERSIONS: Searchable = {
  attribute(key) {
    if (key === 'name') return { column: MODEL_NAME, type: 'text' };
    if (key === 'run_id') return { column: noted('run_id'), type: 'text' };
    if (key === 'model_id') return { column: noted('model_id'), type: 'text' };
    if (key === 'source_path' || key === 'source') return { column: noted('source'), type: 'text' };
    if (key === 'version_number' || key === 'version') return { column: sql`version.number`, type: 'number' };
    return key === 'creation_timestamp' || key === 'last_updated_timestamp'
      ? { column: sql`version.created_at`, type: 'number' }
      : undefined;
  },
  related: (on, key) =>
    on === 'tag'
      ? tagOr(
          key,
          sql`(select t.value from model_tag t where t.repository_id = version.repository_id and t.version = version.number and t.key = ${key})`,
        )
      : undefined,
};

/** A version with its repository. */
export interface FoundVersion {
  readonly repository: Repository;
  readonly version: Version;
}

/** Versions of models that the principal may read. */
export async function searchVersions(
  context: RegistryContext,
  principal: Principal,
  page: SearchPage,
): Promise<ReadablePage<FoundVersion>> {
  const { db, dialect } = context.store;
  const query = db
    .selectFrom('version')
    .innerJoin('repository', 'repository.id', 'version.repository_id')
    .selectAll('version')
    .select([
      'repository.namespace',
      'repository.name',
      'repository.private',
      'repository.created_by as repository_by',
      'repository.created_at as repository_at',
      'repository.updated_at as repository_updated_at',
    ])
    .where('repository.kind', '=', 'model')
    .where('version.deleted_at', 'is', null)
    .where(allOf(page.clauses.map((clause) => conditionOf(dialect, VERSIONS, clause))));
  const terms = orderTerms(VERSIONS, page.orderings);
  const ordered = (terms === undefined ? query.orderBy('version.created_at', 'desc') : query.orderBy(terms))
    .orderBy('repository.namespace')
    .orderBy('repository.name')
    .orderBy('version.number', 'desc');
  const found = await readablePage(
    page,
    (offset, limit) => ordered.offset(offset).limit(limit).execute(),
    (row) => mayRead(principal, row),
  );
  return {
    nextOffset: found.nextOffset,
    rows: found.rows.map(({ namespace, name, private: isPrivate, repository_by, repository_at, repository_updated_at, ...version }) => ({
      version,
      repository: {
        id: version.repository_id,
        kind: 'model' as const,
        namespace,
        name,
        private: isPrivate,
        created_by: repository_by,
        created_at: repository_at,
        updated_at: repository_updated_at,
      },
    })),
  };
}

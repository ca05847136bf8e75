import { sql } from 'kysely';
import type { Principal } from '../../identity/permission.ts';
import { mayRead } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';

/** A page of repositories. */
export interface RepositoryQuery {
  readonly kind: Repository['kind'];
  readonly namespace?: string;
  /** Part of the name or namespace. */
  readonly search?: string;
  /** `namespace/name` of the last one of the page before, when they come by name. */
  readonly after?: string;
  /** By name unless said otherwise; times newest first. */
  readonly sort?: 'name' | 'created_at' | 'updated_at';
  /** How many of them to leave out, when they come by time. */
  readonly offset?: number;
  readonly limit: number;
}

/** Rows of one query. */
const ROWS_AT_ONCE = 1_000;

/** Repositories that the principal may read: `limit` of them unless there are no more. */
export async function listRepositories(context: RegistryContext, principal: Principal, query: RepositoryQuery): Promise<Repository[]> {
  const wanted = Math.min(query.limit, ROWS_AT_ONCE);
  const skipped = query.offset ?? 0;
  const found: Repository[] = [];
  let { after } = query;
  for (let offset = 0; ; offset += ROWS_AT_ONCE) {
    const rows = await page(context, query, after, offset);
    found.push(...rows.filter((row) => mayRead(principal, row)));
    const last = rows.at(-1);
    if (found.length >= skipped + wanted || rows.length < ROWS_AT_ONCE || last === undefined) break;
    after = `${last.namespace}/${last.name}`;
  }
  return found.slice(skipped, skipped + wanted);
}

function page(context: RegistryContext, query: RepositoryQuery, after: string | undefined, offset: number): Promise<Repository[]> {
  const { sort = 'name' } = query;
  let select = context.store.db.selectFrom('repository').selectAll().where('kind', '=', query.kind).limit(ROWS_AT_ONCE);
  if (query.namespace !== undefined) select = select.where('namespace', '=', query.namespace);
  if (query.search !== undefined && query.search !== '') {
    const pattern = `%${query.search.toLowerCase().replace(/[%_!]/g, '!$&')}%`;
    select = select.where(
      sql<boolean>`(lower(name) like ${pattern} escape '!' or lower(namespace) like ${pattern} escape '!' or lower(namespace || '/' || name) like ${pattern} escape '!')`,
    );
  }
  if (sort !== 'name') return select.orderBy(sort, 'desc').orderBy('id').offset(offset).execute();
  if (after !== undefined) {
    const [namespace = '', name = ''] = after.split('/');
    select = select.where((where) =>
      where.or([where('namespace', '>', namespace), where.and([where('namespace', '=', namespace), where('name', '>', name)])]),
    );
  }
  return select.orderBy('namespace').orderBy('name').execute();
}

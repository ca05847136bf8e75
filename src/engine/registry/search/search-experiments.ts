import { sql } from 'kysely';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { type Experiment, readableNamespaces } from '../tracking/experiments.ts';
import { allOf, conditionOf, type Searchable } from './conditions.ts';
import { orderTerms } from './order.ts';
import { relatedTo } from './owned.ts';
import type { Lifecycles, SearchPage } from './search-runs.ts';

const COLUMNS: Readonly<Record<string, readonly [string, 'text' | 'number']>> = {
  name: ['name', 'text'],
  experiment_id: ['id', 'text'],
  creation_time: ['created_at', 'number'],
  last_update_time: ['updated_at', 'number'],
};

const EXPERIMENTS: Searchable = {
  attribute(key) {
    const column = COLUMNS[key];
    return column === undefined ? undefined : { column: sql`${sql.ref(`mlflow_experiment.${column[0]}`)}`, type: column[1] };
  },
  related(on, key) {
    return on === 'tag' ? relatedTo(sql`${sql.ref('mlflow_experiment.id')}`)(on, key) : undefined;
  },
};

/** Experiments that the principal may read, one more than the limit when there are more. */
export async function searchExperiments(
  context: RegistryContext,
  principal: Principal,
  lifecycles: Lifecycles,
  page: SearchPage,
): Promise<Experiment[]> {
  const namespaces = await readableNamespaces(context, principal);
  if (namespaces.length === 0) return [];
  const { db, dialect } = context.store;
  const terms = orderTerms(EXPERIMENTS, page.orderings);
  const query = db
    .selectFrom('mlflow_experiment')
    .selectAll()
    .where('namespace', 'in', [...namespaces])
    .where('lifecycle', 'in', [...lifecycles])
    .where(allOf(page.clauses.map((clause) => conditionOf(dialect, EXPERIMENTS, clause))));
  const ordered = terms === undefined ? query : query.orderBy(terms);
  return ordered
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute();
}

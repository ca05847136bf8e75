import { type RawBuilder, sql } from 'kysely';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { openExperiment } from '../tracking/experiments.ts';
import type { LoggedModel } from '../tracking/logged-models.ts';
import { allOf, conditionOf, type Searchable } from './conditions.ts';
import { orderTerms } from './order.ts';
import { relatedTo } from './owned.ts';
import type { SearchPage } from './search-runs.ts';

const COLUMNS: Readonly<Record<string, readonly [string, 'text' | 'number']>> = {
  name: ['name', 'text'],
  model_id: ['id', 'text'],
  model_type: ['model_type', 'text'],
  status: ['status', 'text'],
  source_run_id: ['source_run_id', 'text'],
  experiment_id: ['experiment_id', 'text'],
  creation_timestamp: ['created_at', 'number'],
  creation_time: ['created_at', 'number'],
  last_updated_timestamp: ['updated_at', 'number'],
  last_updated_time: ['updated_at', 'number'],
};

/** A dataset that metrics have to be measured on. */
export interface MeasuredOn {
  readonly name: string;
  /** Empty: any. */
  readonly digest: string;
}

/** Why a function: metrics count only when they were measured on the datasets that were asked for. */
function searchableModels(datasets: readonly MeasuredOn[]): Searchable {
  const id = sql`${sql.ref('mlflow_logged_model.id')}`;
  return {
    attribute(key) {
      const column = COLUMNS[key.replace(/_ms$/, '')];
      return column === undefined ? undefined : { column: sql`${sql.ref(`mlflow_logged_model.${column[0]}`)}`, type: column[1] };
    },
    related(on, key) {
      if (on !== 'metric' || datasets.length === 0) return relatedTo(id)(on, key);
      return sql`(select max(m.value) from mlflow_latest_metric m where m.owner = ${id} and m.key = ${key} and (${measured(datasets)}))`;
    },
  };
}

function measured(datasets: readonly MeasuredOn[]): RawBuilder<unknown> {
  return sql.join(
    datasets.map(({ name, digest }) =>
      digest === '' ? sql`m.dataset_name = ${name}` : sql`(m.dataset_name = ${name} and m.dataset_digest = ${digest})`,
    ),
    sql` or `,
  );
}

/** Logged models of experiments that the principal may read, one more than the limit when there are more. */
export async function searchLoggedModels(
  context: RegistryContext,
  principal: Principal,
  experiments: readonly string[],
  datasets: readonly MeasuredOn[],
  page: SearchPage,
): Promise<LoggedModel[]> {
  const opened = await Promise.all(experiments.map((id) => openExperiment(context, principal, id)));
  if (opened.length === 0) return [];
  const { db, dialect } = context.store;
  const searchable = searchableModels(datasets);
  const terms = orderTerms(searchable, page.orderings);
  const query = db
    .selectFrom('mlflow_logged_model')
    .selectAll()
    .where(
      'experiment_id',
      'in',
      opened.map(({ id }) => id),
    )
    .where('lifecycle', '=', 'active')
    .where(allOf(page.clauses.map((clause) => conditionOf(dialect, searchable, clause))));
  const ordered = terms === undefined ? query : query.orderBy(terms);
  return ordered
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute();
}

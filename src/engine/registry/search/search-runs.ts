import { sql } from 'kysely';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { openExperiment } from '../tracking/experiments.ts';
import type { Run } from '../tracking/runs.ts';
import type { Clause, Ordering } from './clause.ts';
import { allOf, conditionOf, type Searchable } from './conditions.ts';
import { orderTerms } from './order.ts';
import { relatedTo } from './owned.ts';

export type Lifecycles = readonly ('active' | 'deleted')[];

/** A search, one page of it. */
export interface SearchPage {
  readonly clauses: readonly Clause[];
  readonly orderings: readonly Ordering[];
  readonly offset: number;
  readonly limit: number;
}

const COLUMNS: Readonly<Record<string, readonly [string, 'text' | 'number']>> = {
  run_id: ['id', 'text'],
  run_name: ['name', 'text'],
  'run name': ['name', 'text'],
  user_id: ['user_name', 'text'],
  status: ['status', 'text'],
  start_time: ['start_time', 'number'],
  created: ['start_time', 'number'],
  end_time: ['end_time', 'number'],
  experiment_id: ['experiment_id', 'text'],
  lifecycle_stage: ['lifecycle', 'text'],
};

const RUNS: Searchable = {
  attribute(key) {
    if (key === 'artifact_uri') {
      return { column: sql`('mlflow-artifacts:/' || mlflow_run.experiment_id || '/' || mlflow_run.id || '/artifacts')`, type: 'text' };
    }
    const column = COLUMNS[key.toLowerCase()];
    return column === undefined ? undefined : { column: sql`${sql.ref(`mlflow_run.${column[0]}`)}`, type: column[1] };
  },
  related: relatedTo(sql`${sql.ref('mlflow_run.id')}`),
  dataset(key, condition) {
    if (key !== 'name' && key !== 'digest' && key !== 'context') return undefined;
    const column = sql`${sql.ref(`i.${key}`)}`;
    return sql`exists (select 1 from mlflow_input i where i.run_id = mlflow_run.id and i.kind = 'dataset' and ${condition(column)})`;
  },
};

/** Runs of experiments that the principal may read, one more than the limit when there are more. */
export async function searchRuns(
  context: RegistryContext,
  principal: Principal,
  experiments: readonly string[],
  lifecycles: Lifecycles,
  page: SearchPage,
): Promise<Run[]> {
  const opened = await Promise.all(experiments.map((id) => openExperiment(context, principal, id)));
  // What is in a deleted experiment is deleted.
  const whole = opened.filter(({ lifecycle }) => lifecycle === 'deleted' && lifecycles.includes(lifecycle)).map(({ id }) => id);
  const active = opened.filter(({ lifecycle }) => lifecycle === 'active').map(({ id }) => id);
  if (whole.length + active.length === 0) return [];
  const { db, dialect } = context.store;
  const terms = orderTerms(RUNS, page.orderings);
  const query = db
    .selectFrom('mlflow_run')
    .selectAll()
    .where(({ eb, or, and }) =>
      or([
        ...(whole.length === 0 ? [] : [eb('experiment_id', 'in', whole)]),
        ...(active.length === 0 ? [] : [and([eb('experiment_id', 'in', active), eb('lifecycle', 'in', [...lifecycles])])]),
      ]),
    )
    .where(allOf(page.clauses.map((clause) => conditionOf(dialect, RUNS, clause))));
  const ordered = terms === undefined ? query : query.orderBy(terms);
  return ordered
    .orderBy('start_time', 'desc')
    .orderBy('id')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute();
}

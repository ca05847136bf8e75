import { type RawBuilder, sql } from 'kysely';
import type { Searchable } from './conditions.ts';

/** Tags, parameters and newest metrics of the thing whose id is in a column. */
export function relatedTo(owner: RawBuilder<unknown>): Searchable['related'] {
  return (on, key) => {
    if (on === 'metric') {
      return sql`(select max(m.value) from mlflow_latest_metric m where m.owner = ${owner} and m.key = ${key})`;
    }
    const table = on === 'tag' ? sql.raw('mlflow_tag') : sql.raw('mlflow_param');
    return sql`(select t.value from ${table} t where t.owner = ${owner} and t.key = ${key})`;
  };
}

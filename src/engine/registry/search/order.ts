import { type RawBuilder, sql } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import type { Ordering } from './clause.ts';
import type { Searchable } from './conditions.ts';

/** `order by` terms: what has no value comes last both ways, as MLflow does. Throws `request.invalid`. */
export function orderTerms(searchable: Searchable, orderings: readonly Ordering[]): RawBuilder<unknown> | undefined {
  if (orderings.length === 0) return undefined;
  return sql.join(
    orderings.map(({ on, key, isDescending }) => {
      const value = on === 'attribute' ? searchable.attribute(key)?.column : searchable.related(on, key);
      if (value === undefined) throw new CordonError('request.invalid', `Invalid order_by: there is no ${on} '${key.slice(0, 100)}'`);
      return sql`case when ${value} is null then 1 else 0 end, ${value} ${sql.raw(isDescending ? 'desc' : 'asc')}`;
    }),
  );
}

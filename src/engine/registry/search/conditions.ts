import { type Expression, expressionBuilder, type RawBuilder, sql, type SqlBool } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Schema } from '../../../store/schema/index.ts';
import type { Clause, Subject } from './clause.ts';

type Dialect = Store['dialect'];

/** Why: the time of a comparison grows with the length of the pattern times that of the text, and SQLite stops everything for it. */
const PATTERN_CHARACTERS = 256;

/**
 * What a kind of thing can be searched by: the column of an attribute, and for what lies in other tables the values that the
 * thing has. Undefined: it has nothing of that name.
 */
export interface Searchable {
  /** The expression of a column, such as `run.start_time`. */
  attribute(key: string): { readonly column: RawBuilder<unknown>; readonly type: 'text' | 'number' } | undefined;
  /** The value of a tag, parameter or metric, or null: a subquery for one value. */
  related(on: Exclude<Subject, 'attribute' | 'dataset'>, key: string): RawBuilder<unknown> | undefined;
  /** True where a dataset of the thing fulfils the condition that is made of one of its columns. */
  dataset?(key: string, condition: (column: RawBuilder<unknown>) => Expression<SqlBool>): Expression<SqlBool> | undefined;
}

/** Makes SQL of a clause. Everything that a client wrote is a bound value. Throws `request.invalid` for what cannot be searched. */
export function conditionOf(dialect: Dialect, searchable: Searchable, clause: Clause): Expression<SqlBool> {
  const { on, key } = clause;
  if (on === 'attribute') {
    const attribute = searchable.attribute(key);
    if (attribute === undefined) throw unknown(on, key);
    return compared(dialect, attribute.column, clause, attribute.type);
  }
  if (on === 'dataset') {
    const condition = searchable.dataset?.(key, (column) => compared(dialect, column, clause, 'text'));
    if (condition === undefined) throw unknown(on, key);
    return condition;
  }
  const value = searchable.related(on, key);
  if (value === undefined) throw unknown(on, key);
  return compared(dialect, value, clause, on === 'metric' ? 'number' : 'text');
}

function unknown(on: string, key: string): CordonError {
  return new CordonError('request.invalid', `Invalid ${on} key '${key.slice(0, 100)}' in the search`);
}

function compared(dialect: Dialect, column: RawBuilder<unknown>, clause: Clause, type: 'text' | 'number'): Expression<SqlBool> {
  switch (clause.operator) {
    case 'is null':
      return sql<SqlBool>`${column} is null`;
    case 'is not null':
      return sql<SqlBool>`${column} is not null`;
    case 'like':
    case 'ilike':
      if (type === 'number') throw wrongType(clause);
      return like(dialect, column, clause.value, clause.operator === 'like');
    case 'in':
    case 'not in': {
      if (type === 'number') throw wrongType(clause);
      const list = sql.join(clause.values.map((value) => sql`${value}`));
      return clause.operator === 'in' ? sql<SqlBool>`${column} in (${list})` : sql<SqlBool>`${column} not in (${list})`;
    }
    default: {
      if ((typeof clause.value === 'number') !== (type === 'number')) throw wrongType(clause);
      if (type === 'text' && clause.operator !== '=' && clause.operator !== '!=') throw wrongType(clause);
      const value = type === 'number' ? sql`cast(${String(clause.value)} as double precision)` : sql`${clause.value}`;
      return sql<SqlBool>`${column} ${sql.raw(clause.operator === '!=' ? '<>' : clause.operator)} ${value}`;
    }
  }
}

function wrongType({ on, key, operator }: Clause): CordonError {
  return new CordonError('request.invalid', `Invalid comparison '${operator}' for the ${on} '${key.slice(0, 100)}'`);
}

/**
 * `%` and `_` stand for any characters and any one. Why two forms: LIKE of SQLite does not tell cases apart, and its GLOB does;
 * LIKE of Postgres gives a meaning to backslashes that MLflow does not know.
 */
function like(dialect: Dialect, column: RawBuilder<unknown>, pattern: string, isCaseSensitive: boolean): Expression<SqlBool> {
  if (pattern.length > PATTERN_CHARACTERS)
    throw new CordonError('request.invalid', `a pattern has at most ${PATTERN_CHARACTERS} characters`);
  if (dialect === 'postgres') {
    return isCaseSensitive
      ? sql<SqlBool>`${column} like ${pattern} escape ''`
      : sql<SqlBool>`lower(${column}) like ${pattern.toLowerCase()} escape ''`;
  }
  const glob = (text: string): string =>
    text.replace(/[*?[%_]/g, (character) => (character === '%' ? '*' : character === '_' ? '?' : `[${character}]`));
  return isCaseSensitive
    ? sql<SqlBool>`${column} glob ${glob(pattern)}`
    : sql<SqlBool>`lower(${column}) glob ${glob(pattern.toLowerCase())}`;
}

/** All conditions together; true when there are none. */
export function allOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return expressionBuilder<Schema>().and([...conditions]);
}

import { type RawBuilder, sql } from 'kysely';
import type { Principal } from '../../../identity/permission.ts';
import { mayRead } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { DEFAULT_NAMESPACE } from '../tracking/experiments.ts';
import { allOf, conditionOf, type Searchable } from './conditions.ts';
import { orderTerms } from './order.ts';
import { readablePage, type ReadablePage } from './readable-page.ts';
import type { SearchPage } from './search-runs.ts';

/** What MLflow clients call a repository: without its namespace in the common one. */
export const MODEL_NAME = sql`(case when repository.namespace = ${DEFAULT_NAMESPACE} then repository.name else repository.namespace || '/' || repository.name end)`;

/** Clients leave prompts out by `!= 'true'`, and mean what has no such tag too. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** A tag of a model or version; that of prompts is false where it is not set. */
export function tagOr(key: string, value: RawBuilder<unknown>): RawBuilder<unknown> {
  return key === PROMPT_TAG ? sql`coalesce(${value}, 'false')` : value;
}

const MODELS: Searchable = {
  attribute(key) {
    if (key === 'name') return { column: MODEL_NAME, type: 'text' };
    if (key === 'creation_timestamp' || key === 'timestamp') return { column: sql`repository.created_at`, type: 'number' };
    return key === 'last_updated_timestamp' ? { column: sql`repository.updated_at`, type: 'number' } : undefined;
  },
  related: (on, key) =>
    on === 'tag'
      ? tagOr(key, sql`(select t.value from model_tag t where t.repository_id = repository.id and t.version = 0 and t.key = ${key})`)
      : undefined,
};

/** Repositories of models that the principal may read. */
export async function searchModels(context: RegistryContext, principal: Principal, page: SearchPage): Promise<ReadablePage<Repository>> {
  const { db, dialect } = context.store;
  const terms = orderTerms(MODELS, page.orderings) ?? MODEL_NAME;
  const query = db
    .selectFrom('repository')
    .selectAll()
    .where('kind', '=', 'model')
    .where(allOf(page.clauses.map((clause) => conditionOf(dialect, MODELS, clause))))
    .orderBy(terms)
    .orderBy('id');
  return readablePage(
    page,
    (offset, limit) => query.offset(offset).limit(limit).execute(),
    (row) => mayRead(principal, row),
  );
}

import type { Store } from '../../../store/open-store.ts';
import type { UsageRow } from './usage-query.ts';

/** How people call what usage knows by id. */
export interface UsageNames {
  /** Names of principals by id. */
  readonly principals: ReadonlyMap<string, string>;
  /** Names of keys by id. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Why in parts: databases take only so many values in one statement. */
const PART = 500;

/** Names for the principals and keys of some rows; those that are gone have none. */
export async function usageNames({ db }: Pick<Store, 'db'>, rows: readonly UsageRow[]): Promise<UsageNames> {
  const principals = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const part of parts(rows.map(({ principal }) => principal)))
    for (const { id, name } of await db.selectFrom('principal').select(['id', 'name']).where('id', 'in', part).execute())
      principals.set(id, name);
  for (const part of parts(rows.map(({ key }) => key)))
    for (const { id, name } of await db.selectFrom('token').select(['id', 'name']).where('id', 'in', part).execute()) keys.set(id, name);
  return { principals, keys };
}

/** The id of a principal that is named by its id or its name; as it is where there is none. */
export async function principalId({ db }: Pick<Store, 'db'>, named: string): Promise<string> {
  const row = await db
    .selectFrom('principal')
    .select('id')
    .where((where) => where.or([where('id', '=', named), where('name', '=', named)]))
    .executeTakeFirst();
  return row?.id ?? named;
}

function* parts(ids: readonly (string | undefined)[]): Generator<string[]> {
  const all = [...new Set(ids.filter((id) => id !== undefined && id !== ''))] as string[];
  for (let start = 0; start < all.length; start += PART) yield all.slice(start, start + PART);
}

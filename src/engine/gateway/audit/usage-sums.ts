import type { Insertable } from 'kysely';
import type { Tx } from '../../../store/open-store.ts';
import type { GatewayUsageTable } from '../../../store/schema/gateway-audit.ts';
import { BATCH_SETTLED } from './exchange-record.ts';
import type { StoredRecord } from './record-text.ts';

type UsageSum = Insertable<GatewayUsageTable>;

export const HOUR_MS = 3_600_000;
/** Rows of one INSERT: eighteen columns each stay below the 32,766 variables of SQLite. */
const ROWS = 1_000;
/** Why: sums must stay exact. 2^43 tokens or millionths of a dollar in one request are an error of whoever counted. */
const AT_MOST = 2 ** 43;

/** Sums of a batch by hour, principal, key, teams, model, upstream and route. */
export function sumUsage(records: readonly StoredRecord[]): readonly UsageSum[] {
  const sums = new Map<string, UsageSum>();
  for (const record of records) {
    const { at, who, upstream, route, outcome, usage, costMicros } = record;
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    const teams = who.teams.length === 0 ? '[]' : JSON.stringify([...new Set(who.teams)].toSorted());
    const names = { principal: who.principal, key: who.key ?? '', teams, model: modelOf(record), upstream: upstream ?? '', route };
    const name = `${hour}\0${names.principal}\0${names.key}\0${teams}\0${names.model}\0${names.upstream}\0${route}`;
    let sum = sums.get(name);
    if (sum === undefined) sums.set(name, (sum = { hour, ...names, ...EMPTY }));
    if (record.reason !== BATCH_SETTLED) {
      sum.requests++;
      sum[outcome]++;
    }
    sum.input_tokens += Math.min(usage?.inputTokens ?? 0, AT_MOST);
    sum.output_tokens += Math.min(usage?.outputTokens ?? 0, AT_MOST);
    sum.cached_tokens += Math.min(usage?.cachedTokens ?? 0, AT_MOST);
    sum.cost_micros += Math.min(costMicros, AT_MOST);
  }
  // Why sorted: two servers that add to the same rows in the same order do not lock each other out.
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** Why not of what was refused or found nowhere: clients may ask for any name, and each would be a row. */
function modelOf({ model, upstream, outcome }: StoredRecord): string {
  return upstream !== null || outcome === 'limited' || outcome === 'blocked' ? model : '';
}

const EMPTY = {
  requests: 0,
  served: 0,
  refused: 0,
  limited: 0,
  blocked: 0,
  failed: 0,
  aborted: 0,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  cost_micros: 0,
};
const COLUMNS = Object.keys(EMPTY) as (keyof typeof EMPTY)[];

/** Adds sums to those that are stored. */
export async function addUsage(tx: Tx, sums: readonly UsageSum[]): Promise<void> {
  for (let start = 0; start < sums.length; start += ROWS) {
    await tx
      .insertInto('gateway_usage')
      .values(sums.slice(start, start + ROWS))
      .onConflict((conflict) =>
        conflict
          .columns(['hour', 'principal', 'key', 'teams', 'model', 'upstream', 'route'])
          .doUpdateSet((set) =>
            Object.fromEntries(COLUMNS.map((column) => [column, set(`gateway_usage.${column}`, '+', set.ref(`excluded.${column}`))])),
          ),
      )
      .execute();
  }
}

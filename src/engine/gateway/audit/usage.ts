import { sql } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import type { Store } from '../../../store/open-store.ts';
import type { UsageGroup, UsageQuery, UsageRow } from './usage-query.ts';
import { HOUR_MS } from './usage-sums.ts';

const DAY_MS = 24 * HOUR_MS;
/** Why: an answer is held in memory; a longer time is asked for in parts. */
const ROWS_AT_MOST = 100_000;

const COUNTS = {
  requests: 'requests',
  served: 'served',
  refused: 'refused',
  limited: 'limited',
  blocked: 'blocked',
  failed: 'failed',
  aborted: 'aborted',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cachedTokens: 'cached_tokens',
  costMicros: 'cost_micros',
} as const;
type Count = keyof typeof COUNTS;
const FILTERS = ['principal', 'key', 'model', 'upstream', 'route'] as const;

/** Sums of usage by what is asked for, in the order of the groups. Throws `request.invalid` when the answer would be too long. */
export async function queryUsage(store: Pick<Store, 'db'>, query: UsageQuery): Promise<readonly UsageRow[]> {
  const by = [...new Set(query.by)];
  const needsTeams = by.includes('team') || query.team !== undefined;
  const grouped: Column[] = FILTERS.filter((name) => by.includes(name));
  if (by.includes('hour') || by.includes('day')) grouped.push('hour');
  if (needsTeams) grouped.push('teams');
  let select = store.db
    .selectFrom('gateway_usage')
    .where('hour', '>=', Math.floor(query.from / HOUR_MS) * HOUR_MS)
    .where('hour', '<=', query.to)
    .select(grouped)
    .select(Object.entries(COUNTS).map(([name, column]) => sql<number>`sum(${sql.ref(column)})`.as(name as Count)))
    .limit(ROWS_AT_MOST + 1);
  for (const name of FILTERS) {
    const wanted = query[name];
    if (wanted !== undefined) select = select.where(name, '=', wanted);
  }
  if (grouped.length > 0) select = select.groupBy(grouped);
  const rows = (await select.execute()) as unknown as readonly Summed[];
  if (rows.length > ROWS_AT_MOST) throw new CordonError('request.invalid', 'ask for a shorter time, or for fewer groups');
  const sums = new Map<string, Mutable<UsageRow>>();
  for (const row of rows) {
    // Why: a sum over nothing is one row of nothing.
    if (row.requests === null) continue;
    for (const team of teamsOf(row, by, query.team)) addTo(sums, groupOf(row, by, team), row);
  }
  return [...sums.values()].toSorted((a, b) => compareBy(by, a, b));
}

type Column = (typeof FILTERS)[number] | 'hour' | 'teams';
type Mutable<T> = { -readonly [name in keyof T]: T[name] };
/** Why text: Postgres sums whole numbers as decimals. */
type Summed = Readonly<Partial<Record<(typeof FILTERS)[number] | 'teams', string>>> & { readonly hour?: number } & Readonly<
    Record<Count, number | string | null>
  >;
type Group = Readonly<Partial<Record<UsageGroup, string | number>>>;

/** The teams a row counts for; one without a name stands for all where nobody asks. */
function teamsOf(row: Summed, by: readonly UsageGroup[], wanted: string | undefined): readonly string[] {
  if (row.teams === undefined) return [''];
  const teams = JSON.parse(row.teams) as string[];
  if (wanted !== undefined) return teams.includes(wanted) ? [wanted] : [];
  return by.includes('team') && teams.length > 0 ? teams : [''];
}

function groupOf(row: Summed, by: readonly UsageGroup[], team: string): Group {
  return Object.fromEntries(
    by.map((group) => {
      if (group === 'team') return [group, team];
      if (group === 'day') return [group, Math.floor(row.hour! / DAY_MS) * DAY_MS];
      return [group, row[group]!];
    }),
  );
}

function addTo(sums: Map<string, Mutable<UsageRow>>, group: Group, row: Summed): void {
  const name = JSON.stringify(Object.values(group));
  const sum = sums.get(name);
  const counts = Object.fromEntries((Object.keys(COUNTS) as Count[]).map((count) => [count, Number(row[count])])) as Record<Count, number>;
  if (sum === undefined) {
    sums.set(name, { ...group, ...counts } as UsageRow);
    return;
  }
  for (const count of Object.keys(COUNTS) as Count[]) sum[count] += counts[count];
}

function compareBy(by: readonly UsageGroup[], a: UsageRow, b: UsageRow): number {
  for (const group of by) {
    const [left, right] = [a[group]!, b[group]!];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

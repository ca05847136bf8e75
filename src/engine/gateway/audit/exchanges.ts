import { sql } from 'kysely';
import type { Store } from '../../../store/open-store.ts';
import type { ExchangeOutcome } from './exchange-record.ts';
import type { StoredRecord } from './record-text.ts';

/** Which records, newest first. */
export interface ExchangeQuery {
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly principal?: string;
  readonly outcome?: ExchangeOutcome;
  readonly session?: string;
  /** Id of the last record of the page before. */
  readonly before?: string;
  readonly limit?: number;
}

const PAGE_AT_MOST = 500;

/** A page of records. Why by id: ids sort by time, and every index ends with them. */
export async function queryExchanges(store: Pick<Store, 'db'>, query: ExchangeQuery): Promise<readonly StoredRecord[]> {
  const { from, to, principal, outcome, session, before, limit = 100 } = query;
  let select = store.db
    .selectFrom('gateway_exchange')
    .select('body')
    .orderBy('id', 'desc')
    .limit(Math.max(1, Math.min(limit, PAGE_AT_MOST)));
  if (from !== undefined) select = select.where('at', '>=', from);
  if (to !== undefined) select = select.where('at', '<=', to);
  if (principal !== undefined) select = select.where('principal', '=', principal);
  if (session !== undefined) select = select.where('session', '=', session);
  if (before !== undefined) select = select.where('id', '<', before);
  if (outcome !== undefined) select = select.where('outcome', '=', outcome);
  // Why said again as a literal: only so does a database use the index of those that were not served.
  if (outcome !== undefined && outcome !== 'served') select = select.where(sql<boolean>`outcome <> 'served'`);
  return (await select.execute()).map(({ body }) => JSON.parse(body) as StoredRecord);
}

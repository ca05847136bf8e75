import type { Selectable } from 'kysely';
import type { Tx } from '../../../store/open-store.ts';
import type { ApprovalTable, DecisionTable, RegistryWaiverTable } from '../../../store/schema/evidence.ts';
import type { TokenTable } from '../../../store/schema/identity.ts';
import { approvalDigest, decisionDigest, tokenDigest, waiverDigest } from '../../../store/act-digests.ts';
import type { LedgerHistory } from './ledger-history.ts';
import { pages, ROWS_AT_ONCE } from './pages.ts';
import type { RowProblem } from './row-problem.ts';

type Db = Pick<Tx, 'selectFrom'>;
type Acted = 'decision' | 'approval' | 'registry_waiver' | 'token';

/** How rows that acts wrote are compared with the entries of these acts. */
interface Comparison<Row extends { readonly id: string }> {
  readonly table: Acted;
  /** Digest of the columns that never change, as the act computed it. */
  readonly digest: (row: Row) => string;
  /** What else is wrong: columns that later acts change. */
  readonly changed: (row: Row, history: LedgerHistory) => string | undefined;
}

const DECISIONS: Comparison<Selectable<DecisionTable>> = { table: 'decision', digest: decisionDigest, changed: () => undefined };

const APPROVALS: Comparison<Selectable<ApprovalTable>> = {
  table: 'approval',
  digest: approvalDigest,
  changed: ({ id, revoked_at: at }, history) => wrongEnd(history, `approval ${id}`, at),
};

const WAIVERS: Comparison<Selectable<RegistryWaiverTable>> = {
  table: 'registry_waiver',
  digest: waiverDigest,
  changed({ id, approved_by: by, revoked_at: at }, history) {
    const approvedBy = history.approvedWaivers.get(id);
    const isAsRecorded = approvedBy === undefined ? by === null : by !== null && (approvedBy === null || approvedBy === by);
    return isAsRecorded ? wrongEnd(history, `waiver ${id}`, at) : 'who approved it is not what was recorded';
  },
};

const TOKENS: Comparison<Selectable<TokenTable>> = {
  table: 'token',
  digest: tokenDigest,
  changed: ({ id, expires_at: end, revoked_at: at }, history) =>
    history.tokenEnds.get(id) === end ? wrongEnd(history, `token ${id}`, at) : 'its end is not the recorded one',
};

function wrongEnd({ revoked }: LedgerHistory, key: string, at: number | null): string | undefined {
  const recorded = revoked.get(key);
  const isAsRecorded = recorded === undefined ? at === null : at !== null && (recorded === null || recorded === at);
  return isAsRecorded ? undefined : 'whether and when it was taken back is not what was recorded';
}

/** Decisions, approvals, waivers and tokens that are not what the acts recorded, that nobody made, or that are gone. */
export async function* wrongActs(db: Db, history: LedgerHistory): AsyncGenerator<RowProblem> {
  yield* compared(history, DECISIONS, (after) =>
    db.selectFrom('decision').selectAll().where('id', '>', after).orderBy('id').limit(ROWS_AT_ONCE).execute(),
  );
  yield* compared(history, APPROVALS, (after) =>
    db.selectFrom('approval').selectAll().where('id', '>', after).orderBy('id').limit(ROWS_AT_ONCE).execute(),
  );
  yield* compared(history, WAIVERS, (after) =>
    db.selectFrom('registry_waiver').selectAll().where('id', '>', after).orderBy('id').limit(ROWS_AT_ONCE).execute(),
  );
  yield* compared(history, TOKENS, (after) =>
    db.selectFrom('token').selectAll().where('id', '>', after).orderBy('id').limit(ROWS_AT_ONCE).execute(),
  );
}

async function* compared<Row extends { readonly id: string }>(
  history: LedgerHistory,
  { table, digest, changed }: Comparison<Row>,
  next: (after: string) => Promise<readonly Row[]>,
): AsyncGenerator<RowProblem> {
  const seen = new Set<string>();
  for await (const row of pages(next, ({ id }) => id)) {
    const expected = history.written.get(`${table} ${row.id}`);
    seen.add(row.id);
    const message =
      expected === undefined
        ? 'no act in the ledger wrote it'
        : expected !== null && digest(row) !== expected
          ? 'it is not what the act that wrote it recorded'
          : changed(row, history);
    if (message !== undefined) yield { table, key: row.id, message };
  }
  for (const name of history.written.keys()) {
    const id = name.slice(table.length + 1);
    if (name === `${table} ${id}` && !seen.has(id))
      yield { table, key: id, message: 'the ledger has the act that wrote it, and it is gone' };
  }
}

import type { Tx } from '../../../store/open-store.ts';
import { repositoryId } from '../names.ts';
import type { LedgerHistory } from './ledger-history.ts';
import type { RowProblem } from './row-problem.ts';

type Db = Pick<Tx, 'selectFrom'>;

const STATES: ReadonlySet<string> = new Set(['pending', 'admitted', 'quarantined', 'recalled']);

/** Admissions that say something else than the decisions they rest on, and sets of files that have none. */
export async function* wrongAdmissions(db: Db, { decisionEnds }: LedgerHistory): AsyncGenerator<RowProblem> {
  const rows = await db
    .selectFrom('admission')
    .leftJoin('decision', 'decision.id', 'admission.decision_id')
    .selectAll('admission')
    .select(['decision.effect', 'decision.subject', 'decision.repository_id as decided_for'])
    .execute();
  for (const row of rows) {
    const { state, decision_id: decision, effect, expires_at: end } = row;
    const wrong = (message: string): RowProblem => ({ table: 'admission', key: `${row.repository_id} ${row.manifest}`, message });
    const isSettled = state === 'admitted' || state === 'quarantined';
    const known = decision === null ? undefined : decisionEnds.get(decision);
    if (!STATES.has(state)) yield wrong('there is no such state');
    else if (decision !== null && effect === null) yield wrong('the decision it rests on is not there');
    else if (decision === null && isSettled) yield wrong(`it is ${state}, and nothing decided that`);
    else if (decision !== null && (row.subject !== row.manifest || row.decided_for !== row.repository_id))
      yield wrong('the decision it rests on is about something else');
    else if (isSettled && (effect === 'deny') !== (state === 'quarantined')) yield wrong(`it is ${state}, and the gate said ${effect}`);
    else if (known !== undefined && known !== end) yield wrong('it ends at another time than was decided');
  }
  const without = await db
    .selectFrom('revision')
    .leftJoin('admission', (join) =>
      join.onRef('admission.repository_id', '=', 'revision.repository_id').onRef('admission.manifest', '=', 'revision.manifest'),
    )
    .select(['revision.repository_id', 'revision.manifest'])
    .distinct()
    .where('admission.state', 'is', null)
    .execute();
  for (const { repository_id: repository, manifest } of without)
    yield { table: 'admission', key: `${repository} ${manifest}`, message: 'a revision has these files, and there is no row' };
}

/** Revisions that were committed and are gone, and sets of files that something refers to and that are gone. */
export async function* missingRevisions(db: Db, { revisions }: LedgerHistory): AsyncGenerator<RowProblem> {
  const left = new Set(revisions);
  const rows = db
    .selectFrom('revision')
    .innerJoin('repository', 'repository.id', 'revision.repository_id')
    .select(['revision.id', 'repository.namespace', 'repository.name']);
  for (const row of await rows.execute()) left.delete(`${repositoryId(row)} ${row.id}`);
  for (const key of left) yield { table: 'revision', key: key.split(' ')[1] ?? '', message: 'it was committed, and it is gone' };
  const dangling = await db
    .selectFrom('revision')
    .leftJoin('manifest', 'manifest.digest', 'revision.manifest')
    .select('revision.manifest')
    .distinct()
    .where('manifest.digest', 'is', null)
    .execute();
  for (const { manifest } of dangling) yield { table: 'manifest', key: manifest, message: 'revisions refer to it, and it is gone' };
}

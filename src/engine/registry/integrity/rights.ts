import type { Tx } from '../../../store/open-store.ts';
import { repositoryId } from '../names.ts';
import { type LedgerHistory, versionKey } from './ledger-history.ts';
import type { RowProblem } from './row-problem.ts';

type Db = Pick<Tx, 'selectFrom'>;

/** Roles that nobody granted, or that are gone although nobody took them away. */
export async function* wrongRoles(db: Db, { roles }: LedgerHistory): AsyncGenerator<RowProblem> {
  const left = new Map(roles);
  for (const { holder, role, namespace, created_by: by, created_at: at } of await db.selectFrom('role_binding').selectAll().execute()) {
    const key = `${holder} ${role} ${namespace}`;
    const known = left.get(key);
    left.delete(key);
    if (known === undefined) yield { table: 'role_binding', key, message: 'nobody granted it' };
    else if (known.by !== by || known.at !== at)
      yield { table: 'role_binding', key, message: 'it was granted by somebody else or at another time' };
  }
  for (const key of left.keys()) yield { table: 'role_binding', key, message: 'it was granted, nobody took it away, and it is gone' };
}

/** Principals that are not who was recorded. */
export async function* wrongPrincipals(db: Db, { principals }: LedgerHistory): AsyncGenerator<RowProblem> {
  const left = new Map(principals);
  for (const row of await db.selectFrom('principal').selectAll().execute()) {
    const known = left.get(row.id);
    left.delete(row.id);
    const isSame =
      known !== undefined &&
      known.name === row.name &&
      known.kind === row.kind &&
      known.issuer === row.oidc_issuer &&
      known.subject === row.oidc_subject &&
      known.at === row.created_at;
    if (!isSame)
      yield { table: 'principal', key: row.id, message: known === undefined ? 'nobody created it' : 'it is not who was created' };
  }
  for (const key of left.keys()) yield { table: 'principal', key, message: 'it was created, and it is gone' };
}

/** Versions that are not what was sealed, or in a stage that nobody promoted them to. */
export async function* wrongVersions(db: Db, { versions }: LedgerHistory): AsyncGenerator<RowProblem> {
  const left = new Map(versions);
  const rows = db
    .selectFrom('version')
    .innerJoin('repository', 'repository.id', 'version.repository_id')
    .selectAll('version')
    .select(['repository.namespace', 'repository.name']);
  for (const row of await rows.execute()) {
    const key = versionKey(repositoryId(row), row.number, row.manifest);
    const known = left.get(key);
    left.delete(key);
    const message =
      known === undefined || known.revision !== row.revision
        ? 'it is not what was sealed'
        : known.isWithdrawn === (row.deleted_at === null)
          ? 'whether it was withdrawn is not what was recorded'
          : known.stages.has(row.stage)
            ? undefined
            : `it is in ${row.stage === '' ? 'no stage' : row.stage}, which is not where it was put`;
    if (message !== undefined) yield { table: 'version', key, message };
  }
  for (const key of left.keys()) yield { table: 'version', key, message: 'it was sealed, and it is gone' };
}

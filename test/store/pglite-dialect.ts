import type { PGlite } from '@electric-sql/pglite';
import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
} from 'kysely';
import { WriteLock } from '../../src/store/sqlite/write-lock.ts';
import { refuseOutsideStatement } from '../../src/store/transaction-scope.ts';

/** Kysely over a Postgres inside this process: one session, so connections take turns. For tests only: it does not sync to disk. */
export function pgliteDialect(database: PGlite): Dialect {
  const turns = new WriteLock();
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const run = async (query: CompiledQuery) => {
    const { rows, affectedRows } = await database.query(query.sql, [...query.parameters]);
    return { rows: rows as never[], numAffectedRows: BigInt(affectedRows ?? 0) };
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createDriver: () => ({
      init: async () => undefined,
      async acquireConnection() {
        refuseOutsideStatement();
        const release = await turns.acquire();
        const connection: DatabaseConnection = {
          executeQuery: run,
          async *streamQuery(query) {
            yield await run(query);
          },
        };
        releases.set(connection, release);
        return connection;
      },
      beginTransaction: async () => void (await database.exec('begin')),
      commitTransaction: async () => void (await database.exec('commit')),
      rollbackTransaction: async () => void (await database.exec('rollback')),
      releaseConnection: async (connection) => releases.get(connection)?.(),
      destroy: async () => undefined,
    }),
  };
}

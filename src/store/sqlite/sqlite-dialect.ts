import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';
import { SqliteDriver } from './sqlite-driver.ts';
import { openHandle, type SqliteHandle } from './open-handle.ts';
import { refuseNetworkDrive } from './network-drive.ts';
import type { DataVersion } from '../changes.ts';
import { databaseError } from '../database-error.ts';

/** Kysely over SQLite. */
export interface SqliteDialect extends Dialect {
  /** Another number after every commit, whoever made it; undefined for a database in memory, whose one handle does not see its own. */
  readonly dataVersion: DataVersion;
}

/** Opens a SQLite file, or `:memory:`, as a Kysely dialect. */
export async function sqliteDialect(path: string): Promise<SqliteDialect> {
  if (path !== ':memory:') await refuseNetworkDrive(path);
  try {
    const writer = await openHandle(path);
    configure(writer);
    const reader = path === ':memory:' ? writer : await openHandle(path);
    if (reader !== writer) {
      configure(reader);
      reader.exec('pragma query_only = on; pragma busy_timeout = 5000');
    }
    return {
      dataVersion: reader === writer ? () => undefined : dataVersionOf(reader),
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new SqliteDriver(writer, reader),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    };
  } catch (error) {
    throw databaseError(error);
  }
}

function dataVersionOf(reader: SqliteHandle): DataVersion {
  const statement = reader.prepare('pragma data_version');
  return () => (statement.all()[0] as { readonly data_version: number }).data_version;
}

/** Why synchronous = full: an acknowledged commit survives a power cut. Waiting for the lock is the driver's, so 5 s is for opening only. */
function configure(handle: SqliteHandle): void {
  handle.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  handle.exec('pragma busy_timeout = 10; pragma temp_store = memory; pragma cache_size = -32768; pragma trusted_schema = off');
}

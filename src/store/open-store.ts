import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CordonError } from '../core/errors.ts';
import { Kysely, type Dialect, type Transaction } from 'kysely';
import { changesOf, type DataVersion } from './changes.ts';
import { databaseError, isConflict } from './database-error.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema/index.ts';
import { withinTransaction } from './transaction-scope.ts';

export type Tx = Transaction<Schema>;

/** The database with all tables in place. */
export interface Store {
  readonly db: Kysely<Schema>;
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * All or nothing. `work` uses the transaction it gets and nothing else, because on Postgres it is run again when the
   * database ends it in favour of another one.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * A number that is another one after each change of who may do what and what is served, whichever server made it; never older
   * than the question.
   */
  changes(): Promise<number> | number;
  close(): Promise<void>;
}

const ATTEMPTS = 5;

/** Which database, and how to get into it. */
export interface StoreOptions {
  readonly database: string;
  /** The password of Postgres, asked for each new connection: it may be rotated. Default: as in the URL, or as Postgres' own tools find it. */
  readonly password?: (() => Promise<string>) | undefined;
}

/** Opens a SQLite file, `:memory:` or `postgres://...` and brings its tables to the newest form. */
export async function openStore({ database, password }: StoreOptions): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(database)) {
    const { postgresDialect } = await import('./postgres/postgres-dialect.ts');
    return storeOver(await postgresDialect(database, password), 'postgres');
  }
  if (password !== undefined) throw new CordonError('config.invalid', 'server.databasePassword is for Postgres: say server.database');
  const path = database === ':memory:' ? database : resolve(database);
  if (path !== ':memory:') await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { sqliteDialect } = await import('./sqlite/sqlite-dialect.ts');
  const { dataVersion, ...dialect } = await sqliteDialect(path);
  return storeOver(dialect, 'sqlite', dataVersion);
}

/** A store over an open database. */
export async function storeOver(kysely: Dialect, dialect: Store['dialect'], dataVersion: DataVersion = () => undefined): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: kysely });
  async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction().execute((tx) => withinTransaction(() => work(tx)));
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw databaseError(error);
      }
    }
  }
  try {
    await migrate(db, dialect);
  } catch (error) {
    await db.destroy();
    throw databaseError(error);
  }
  return { db, dialect, transaction, changes: changesOf(db, dataVersion), close: () => db.destroy() };
}

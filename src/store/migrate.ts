import { sql, type Kysely, type Transaction } from 'kysely';
import { CordonError } from '../core/errors.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Schema } from './schema/index.ts';

/** Any number that no other program uses for its own lock. */
const LOCK = 4_310_070;

/**
 * Brings the tables to the newest form, in one transaction under a lock, so that servers which start together do it once. A
 * database made by a newer Cordon is refused: writing to it with old code could lose what it does not know.
 */
export async function migrate(db: Kysely<Schema>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const done = await appliedMigrations(tx, dialect);
    const unknown = done.filter((name) => !MIGRATIONS.some((migration) => migration.name === name));
    if (unknown.length > 0)
      throw new CordonError(
        'storage.unavailable',
        `the database was made by a newer Cordon (it has ${unknown.join(', ')}): use that version`,
      );
    for (const { name, statements, own } of MIGRATIONS) {
      if (done.includes(name)) continue;
      for (const statement of [...statements, ...(own?.[dialect] ?? [])]) await sql.raw(statement).execute(tx);
      await sql`insert into migration (name, applied_at) values (${name}, ${Date.now()})`.execute(tx);
    }
  });
}

async function appliedMigrations(tx: Transaction<Schema>, dialect: 'sqlite' | 'postgres'): Promise<string[]> {
  const existing =
    dialect === 'sqlite'
      ? sql`select name from sqlite_master where type = 'table' and name = 'migration'`
      : sql`select table_name from information_schema.tables where table_schema = current_schema() and table_name = 'migration'`;
  if ((await existing.execute(tx)).rows.length === 0) {
    // Why a type of our own: text that sorts by its bytes in every database. SQLite takes any name that contains "text".
    if (dialect === 'postgres') await sql`create domain bytetext as text collate "C"`.execute(tx);
    await sql`create table migration (name bytetext primary key, applied_at bigint not null)`.execute(tx);
  }
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(tx);
  return rows.map(({ name }) => name);
}

import { CordonError } from '../../core/errors.ts';

/** A value SQLite can bind. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** What is used of a prepared statement of `node:sqlite`. */
export interface SqliteStatement {
  all(...values: SqliteValue[]): unknown[];
  run(...values: SqliteValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  iterate(...values: SqliteValue[]): Iterable<unknown>;
}

/** What is used of `DatabaseSync`. Why an interface: Node 20 has no types for it, and two packages implement it. */
export interface SqliteHandle {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteHandle;
}

/** Opens a database with the engine of Node (22.13 and later), else with the package that carries the same one. */
export async function openHandle(path: string): Promise<SqliteHandle> {
  const { DatabaseSync } = builtIn() ?? (await packaged());
  return new DatabaseSync(path);
}

/** Node's own module. Why its warning is held back: some versions call it experimental on every start. */
function builtIn(): SqliteModule | undefined {
  const emit = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emit, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite') as SqliteModule | undefined;
  } finally {
    process.emitWarning = emit;
  }
}

async function packaged(): Promise<SqliteModule> {
  try {
    return (await import('@photostructure/sqlite')) as unknown as SqliteModule;
  } catch (error) {
    throw new CordonError(
      'storage.unavailable',
      'SQLite needs Node 22.13 or later, or the optional package @photostructure/sqlite; or use Postgres',
      { cause: error },
    );
  }
}

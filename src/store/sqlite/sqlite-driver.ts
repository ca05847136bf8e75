import { setTimeout as sleep } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { databaseError, isBusy } from '../database-error.ts';
import { refuseOutsideStatement } from '../transaction-scope.ts';
import type { SqliteHandle, SqliteStatement, SqliteValue } from './open-handle.ts';
import { WriteLock } from './write-lock.ts';

/** How long a write waits for another process, milliseconds. */
const BUSY_MS = 30_000;
const KEPT_STATEMENTS = 500;

/** An open handle with its prepared statements. */
class Session {
  readonly handle: SqliteHandle;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(handle: SqliteHandle) {
    this.handle = handle;
  }

  run(query: CompiledQuery): QueryResult<never> {
    const statement = this.#prepare(query.sql);
    const values = query.parameters.map(bindable);
    const { kind } = query.query;
    const writes = kind === 'InsertQueryNode' || kind === 'UpdateQueryNode' || kind === 'DeleteQueryNode';
    if (!writes || 'returning' in query.query) return { rows: statement.all(...values) as never[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Why a statement of its own: a kept one may be started again before the stream has ended. */
  *stream(query: CompiledQuery): Iterable<never> {
    yield* this.handle.prepare(query.sql).iterate(...query.parameters.map(bindable)) as Iterable<never>;
  }

  #prepare(sql: string): SqliteStatement {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.handle.prepare(sql);
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * Kysely over two SQLite handles: all writes queue for the one writer, reads outside a transaction use the other and never
 * wait. A database in memory has one handle, and its reads queue too.
 */
export class SqliteDriver implements Driver {
  readonly #writer: Session;
  readonly #reader: Session;
  readonly #lock = new WriteLock();

  constructor(writer: SqliteHandle, reader: SqliteHandle) {
    this.#writer = new Session(writer);
    this.#reader = reader === writer ? this.#writer : new Session(reader);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this.#writer, this.#reader, this.#lock);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).end('commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).end('rollback');
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).release();
  }

  async destroy(): Promise<void> {
    const release = await this.#lock.acquire();
    if (this.#reader !== this.#writer) this.#reader.handle.close();
    this.#writer.handle.close();
    release();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #writer: Session;
  readonly #reader: Session;
  readonly #lock: WriteLock;
  /** Gives the write lock back; set while a transaction runs. */
  #release: (() => void) | undefined;

  constructor(writer: Session, reader: Session, lock: WriteLock) {
    this.#writer = writer;
    this.#reader = reader;
    this.#lock = lock;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      if (this.#release !== undefined) return this.#writer.run(query);
      if (this.#reader !== this.#writer && query.query.kind === 'SelectQueryNode') return this.#reader.run(query);
      refuseOutsideStatement();
      const release = await this.#lock.acquire();
      try {
        return await whenFree(() => this.#writer.run(query));
      } finally {
        release();
      }
    } catch (error) {
      throw databaseError(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize = 100): AsyncIterableIterator<QueryResult<R>> {
    const session = this.#release === undefined ? this.#reader : this.#writer;
    let rows: R[] = [];
    for (const row of session.stream(query)) {
      rows.push(row);
      if (rows.length < chunkSize) continue;
      yield { rows };
      rows = [];
    }
    if (rows.length > 0) yield { rows };
  }

  async begin(): Promise<void> {
    refuseOutsideStatement();
    const release = await this.#lock.acquire();
    try {
      // Why immediate: a transaction that reads first and then finds the writer taken could not wait, only fail.
      await whenFree(() => this.#writer.handle.exec('begin immediate'));
    } catch (error) {
      release();
      throw databaseError(error);
    }
    this.#release = release;
  }

  end(how: 'commit' | 'rollback'): void {
    try {
      this.#writer.handle.exec(how);
    } catch (error) {
      throw databaseError(error);
    }
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Tries until no other process writes. Why not SQLite's own waiting: it would stop every request of this process. */
async function whenFree<T>(attempt: () => T): Promise<T> {
  const deadline = performance.now() + BUSY_MS;
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await sleep(wait * (0.5 + Math.random()));
  }
}

function bindable(value: unknown): SqliteValue {
  return typeof value === 'boolean' ? Number(value) : (value as SqliteValue);
}

import type { Kysely } from 'kysely';
import type { Schema } from './schema/index.ts';

/** Tells, without asking the database for rows, whether anything was committed since: another number means yes. */
export type DataVersion = () => number | undefined;

/**
 * The number that grows with every change of who may do what and what is served. An answer is never older than its question: who
 * asks while the database is being asked waits for the next answer, together with everybody else who came meanwhile.
 */
export function changesOf(db: Kysely<Schema>, dataVersion: DataVersion): () => Promise<number> | number {
  let known: { readonly version: number; readonly value: number } | undefined;
  let running: Promise<number> | undefined;
  let next: Promise<number> | undefined;

  function ask(): Promise<number> {
    const asked = read().finally(() => {
      if (running === asked) running = undefined;
    });
    running = asked;
    return asked;
  }

  async function read(): Promise<number> {
    // Why first: what is committed between the two is in the value already, and only asked for once more.
    const version = dataVersion();
    const { value } = await db.selectFrom('change').select('value').executeTakeFirstOrThrow();
    if (version !== undefined) known = { version, value };
    return value;
  }

  async function afterRunning(): Promise<number> {
    await running?.catch(() => undefined);
    next = undefined;
    return ask();
  }

  return () => {
    if (known !== undefined && known.version === dataVersion()) return known.value;
    if (running === undefined) return ask();
    return (next ??= afterRunning());
  };
}

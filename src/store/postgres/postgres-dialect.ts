import { PostgresDialect, type Dialect } from 'kysely';
import { CordonError } from '../../core/errors.ts';

/** Type numbers of Postgres that JavaScript would otherwise get as text. */
const BIGINT = 20;
const NUMERIC = 1700;

/** Opens a pool of connections as a Kysely dialect. The driver is loaded only here. */
export async function postgresDialect(url: string, password?: () => Promise<string>): Promise<Dialect> {
  const { default: pg } = await import('pg');
  /** Why not an option of the pool: what the address says, a password that it does not have included, comes before the options. */
  class Client extends pg.Client {
    constructor(config?: ConstructorParameters<typeof pg.Client>[0]) {
      super(config);
      if (password !== undefined) (this as { password: unknown }).password = password;
    }
  }
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    application_name: 'cordon',
    max: 20,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser: ((oid: number, format: 'text') => typeParser(oid) ?? pg.types.getTypeParser(oid, format)) as never },
  });
  // Why: an idle connection that the server ends must not end this process; the next query gets a fresh one.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}

/** Numbers as numbers: times, sizes and counts fit in 53 bits, and what does not is an error rather than a wrong number. */
export function typeParser(oid: number): ((value: string) => number) | undefined {
  return oid === BIGINT || oid === NUMERIC ? exactNumber : undefined;
}

function exactNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new CordonError('internal.bug', `the database answered ${value}, which is no exact integer`);
  return number;
}

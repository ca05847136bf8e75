import { chmod, readFile, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { type RowProblem, verifyRecords } from '../../src/engine/registry/integrity/verify-records.ts';
import type { TestRegistry } from '../../src/engine/registry/testing.ts';
import type { Tx } from '../../src/store/open-store.ts';
import { scrub } from '../../src/store/scrub.ts';
import type { Random } from './tamper.ts';

/** A change past Cordon, everything that was found, and whether the place is among it. */
export interface RegistryTrial {
  readonly change: string;
  readonly problems: readonly RowProblem[];
  readonly located: boolean;
}

/** Tables that are compared, what people find a row by, and columns that nothing is said about. */
const TABLES: Readonly<
  Record<string, { readonly key: (row: Row) => string; readonly free: readonly string[]; readonly found?: readonly string[] }>
> = {
  blob: { key: ({ sha256 }) => text(sha256), free: ['created_at'] },
  manifest: { key: ({ digest }) => text(digest), free: ['created_at'] },
  // An entry belongs to its set of files.
  manifest_entry: { key: ({ manifest }) => text(manifest), free: [], found: ['manifest'] },
  revision: { key: ({ id }) => text(id), free: [] },
  admission: { key: (row) => `${text(row['repository_id'])} ${text(row['manifest'])}`, free: ['reason', 'updated_at'] },
  version: { key: ({ number, manifest }) => `@${text(number)} ${text(manifest)}`, free: ['id', 'created_by', 'created_at'] },
  decision: { key: ({ id }) => text(id), free: [], found: ['decision', 'admission'] },
  approval: { key: ({ id }) => text(id), free: [] },
  registry_waiver: { key: ({ id }) => text(id), free: ['ended_at'] },
  principal: { key: ({ id }) => text(id), free: ['email', 'password_hash', 'group_names', 'groups_at', 'disabled_at'] },
  role_binding: { key: (row) => `${text(row['holder'])} ${text(row['role'])} ${text(row['namespace'])}`, free: ['id'] },
  token: { key: ({ id }) => text(id), free: ['last_used_at'] },
};

type Row = Readonly<Record<string, number | string | null>>;
const text = (value: number | string | null | undefined): string => String(value);
const ROLLBACK = new Error('put everything back');

/** Changes one byte of a stored file, scrubs, and puts it back. */
export async function tamperBlob({ context }: TestRegistry, random: Random): Promise<RegistryTrial> {
  const blobs = await context.store.db.selectFrom('blob').select('sha256').where('size', '>', 0).orderBy('sha256').execute();
  const { sha256 } = blobs[random(blobs.length)]!;
  const path = await context.blobs.localPath(sha256);
  const bytes = await readFile(path);
  const offset = random(bytes.length);
  const changed = Buffer.from(bytes);
  changed[offset] = (bytes[offset]! + 1 + random(255)) % 256;
  await chmod(path, 0o640);
  await writeFile(path, changed);
  const problems: RowProblem[] = [];
  await scrub(context.store, context.blobs, {
    onDamage: ({ sha256: key, problem }) => problems.push({ table: 'blob', key, message: problem }),
  });
  await writeFile(path, bytes);
  return { change: `byte ${offset} of the blob ${sha256}`, problems, located: problems.length === 1 && problems[0]!.key === sha256 };
}

/** Changes, removes or doubles one row of a table, looks at all tables, and puts it back. */
export async function tamperRow({ context }: TestRegistry, random: Random): Promise<RegistryTrial> {
  const names = Object.keys(TABLES);
  const table = names[random(names.length)]!;
  let trial: RegistryTrial | undefined;
  await context.store
    .transaction(async (tx) => {
      // Whoever writes past Cordon need not keep references whole.
      await sql`pragma defer_foreign_keys = on`.execute(tx);
      await sql`pragma ignore_check_constraints = on`.execute(tx);
      const { change, key } = await changeRow(tx, table, random);
      const problems: RowProblem[] = [];
      for await (const problem of verifyRecords(tx, context.blobs)) problems.push(problem);
      const found = TABLES[table]!.found ?? [table];
      trial = {
        change,
        problems,
        located: problems.some((problem) => found.includes(problem.table) && key.some((one) => problem.key.endsWith(one))),
      };
      throw ROLLBACK;
    })
    .catch((error: unknown) => {
      if (error !== ROLLBACK) throw error;
    });
  return trial!;
}

/** What was changed, and the keys that the row had and has. */
async function changeRow(tx: Tx, table: string, random: Random): Promise<{ readonly change: string; readonly key: readonly string[] }> {
  const { key, free } = TABLES[table]!;
  const { rows } = await sql<Row & { readonly rowid: number }>`select rowid, * from ${sql.table(table)}`.execute(tx);
  const { rowid, ...row } = rows[random(rows.length)]!;
  const columns = [...Object.keys(row).filter((column) => !free.includes(column)), 'delete'];
  const column = columns[random(columns.length)]!;
  if (column === 'delete') {
    await sql`delete from ${sql.table(table)} where rowid = ${rowid}`.execute(tx);
    return { change: `removal of ${table} ${key(row)}`, key: [key(row)] };
  }
  const value = other(row[column] ?? null, random);
  await sql`update or replace ${sql.table(table)} set ${sql.ref(column)} = ${value} where rowid = ${rowid}`.execute(tx);
  return {
    change: `${column} of ${table} ${key(row)}: ${text(row[column])} -> ${text(value)}`.slice(0, 400),
    key: [key(row), key({ ...row, [column]: value })],
  };
}

function other(value: number | string | null, random: Random): number | string {
  if (value === null) return 1_700_000_000_000 + random(1_000);
  if (typeof value === 'number') return value + (random(2) === 0 ? 1 + random(1_000) : -1 - random(1_000));
  const at = random(value.length + 1);
  const letters = [...'0123456789abcdef'].filter((letter) => letter !== value[at]);
  return value.slice(0, at) + letters[random(letters.length)]! + value.slice(at + 1);
}

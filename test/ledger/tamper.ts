import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { entryHash } from '../../src/evidence/ledger/entry.ts';
import type { LedgerProblem } from '../../src/evidence/ledger/verify/problem.ts';
import { verifyLedger } from '../../src/evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../../src/evidence/ledger/verify/verify-export.ts';
import type { Store, Tx } from '../../src/store/open-store.ts';
import { TRUST } from './make-ledger.ts';

/** A change, what the verification said of it, and whether that is the place. */
export interface Trial {
  readonly change: string;
  readonly problem: LedgerProblem | null;
  readonly located: boolean;
}

export type Random = (below: number) => number;

/** Numbers that look random and are the same each time. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Files of an export with their sizes, for choosing a byte of any with the same chance. */
export async function listExport(folder: string): Promise<readonly { path: string; bytes: Buffer }[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)).sort();
  return await Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })));
}

/** Changes one byte of an export, verifies, and puts it back. */
export async function tamperExport(folder: string, files: readonly { path: string; bytes: Buffer }[], random: Random): Promise<Trial> {
  // Why by file first: nearly all bytes are in entries, and tiles and checkpoints should get their turn.
  const kinds = ['tile/entries', 'tile/0', 'tile/1', 'checkpoint'];
  const kind = kinds[random(kinds.length)]!;
  const candidates = files.filter(({ path }) => path.startsWith(kind));
  const { path, bytes } = candidates[random(candidates.length)]!;
  const offset = random(bytes.length);
  const changed = Buffer.from(bytes);
  changed[offset] = (bytes[offset]! + 1 + random(255)) % 256;
  await writeFile(join(folder, path), changed);
  const { ok, problem } = await verifyLedgerExport(folder, TRUST);
  await writeFile(join(folder, path), bytes);
  return { change: `byte ${offset} of ${path}`, problem, located: !ok && isExportPlace(problem!, path, bytes, offset) };
}

function isExportPlace(problem: LedgerProblem, path: string, bytes: Buffer, offset: number): boolean {
  if (path.startsWith('tile/entries/')) return problem.kind === 'entry' && problem.name === `entry ${entryAt(path, bytes, offset)}`;
  if (path.startsWith('tile/')) return problem.kind === 'tile' && problem.name === path;
  if (path === 'checkpoint') return problem.kind === 'checkpoint' && problem.name === 'checkpoint';
  const before = bytes.subarray(0, offset).toString('utf8').split('\n');
  const line = before.length;
  const signedBefore = line === 1 ? 0 : Number(/\\n(\d+)\\n/.exec(before[line - 2]!)![1]);
  return (
    problem.kind === 'checkpoint' &&
    (problem.name === `line ${line} of checkpoints.jsonl` || problem.position === signedBefore || problem.name === 'checkpoints.jsonl')
  );
}

function entryAt(path: string, bytes: Buffer, offset: number): number {
  let index = Number(/(\d{3})(?:\.p\/\d+)?$/.exec(path)![1]) * 256;
  for (let at = 0; ; index++) {
    at += 2 + bytes.readUInt16BE(at);
    if (offset < at) return index;
  }
}

const ROLLBACK = new Error('put everything back');

/** Changes one row of the ledger's tables, verifies, and puts it back. */
export async function tamperDatabase(store: Store, random: Random): Promise<Trial> {
  let trial: Trial | undefined;
  await store
    .transaction(async (tx) => {
      const { change, isPlace } = await changeRow(tx, random);
      const { ok, problem } = await verifyLedger({ db: tx }, TRUST);
      trial = { change, problem, located: !ok && isPlace(problem!) };
      throw ROLLBACK;
    })
    .catch((error: unknown) => {
      if (error !== ROLLBACK) throw error;
    });
  return trial!;
}

interface Change {
  readonly change: string;
  readonly isPlace: (problem: LedgerProblem) => boolean;
}

async function changeRow(tx: Tx, random: Random): Promise<Change> {
  const table = (['ledger', 'ledger', 'ledger_node', 'checkpoint'] as const)[random(4)]!;
  if (table === 'ledger') return await changeEntry(tx, random);
  const rows =
    table === 'ledger_node' ? await tx.selectFrom(table).selectAll().execute() : await tx.selectFrom(table).selectAll().execute();
  const row = rows[random(rows.length)]! as unknown as Record<string, number | string>;
  const key = table === 'ledger_node' ? sql`level = ${row['level']} and position = ${row['position']}` : sql`size = ${row['size']}`;
  const columns = [...Object.keys(row), 'delete'];
  const column = columns[random(columns.length)]!;
  if (column === 'delete') await sql`delete from ${sql.table(table)} where ${key}`.execute(tx);
  else await sql`update or replace ${sql.table(table)} set ${sql.ref(column)} = ${other(row[column]!, random)} where ${key}`.execute(tx);
  const kind = table === 'ledger_node' ? 'node' : 'checkpoint';
  return { change: `${column} of ${table} ${JSON.stringify(row).slice(0, 120)}`, isPlace: (problem) => problem.kind === kind };
}

async function changeEntry(tx: Tx, random: Random): Promise<Change> {
  const { count } = await tx
    .selectFrom('ledger')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const at = random(count);
  const row = await tx.selectFrom('ledger').selectAll().where('position', '=', at).executeTakeFirstOrThrow();
  const column = (['position', 'leaf', 'kind', 'body', 'created_at', 'delete', 'rewrite', 'swap'] as const)[random(8)]!;
  const covers = ({ kind, name, position }: LedgerProblem): boolean => {
    const end = Number(/ to (\d+)$/.exec(name)?.[1] ?? position);
    return kind === 'entry' && position <= at && at <= end;
  };
  const change = `${column} of entry ${at}`;
  if (column === 'delete') {
    await tx.deleteFrom('ledger').where('position', '=', at).execute();
  } else if (column === 'rewrite') {
    // By somebody who knows how leaves are hashed.
    const body = other(row.body, random);
    await tx
      .updateTable('ledger')
      .set({ body, leaf: entryHash({ ...row, body }).toString('hex') })
      .where('position', '=', at)
      .execute();
  } else if (column === 'swap') {
    const second = (at + 1 + random(count - 1)) % count;
    const { position: _, ...theirs } = await tx.selectFrom('ledger').selectAll().where('position', '=', second).executeTakeFirstOrThrow();
    const { position: __, ...mine } = row;
    await tx.updateTable('ledger').set(theirs).where('position', '=', at).execute();
    await tx.updateTable('ledger').set(mine).where('position', '=', second).execute();
    const [first, last] = [Math.min(at, second), Math.max(at, second)];
    // What is wrong first is the one in front, unless a checkpoint's entry stood last and its checkpoint is found missing.
    return {
      change: `${change} with ${second}`,
      isPlace: (problem) => coversOne(problem, first) || coversOne(problem, last) || problem.kind === 'checkpoint',
    };
  } else {
    const value = column === 'position' ? (random(2) === 0 ? -1 - random(1e6) : count + random(1e6)) : other(row[column], random);
    await sql`update ledger set ${sql.ref(column)} = ${value} where position = ${at}`.execute(tx);
    if (column === 'position')
      return { change, isPlace: (problem) => covers(problem) || problem.position === value || problem.kind === 'node' };
  }
  // The last entry belongs to no stored hash but to the checkpoint, and without it subtrees are left over.
  return { change, isPlace: (problem) => covers(problem) || (column === 'delete' && at === count - 1 && problem.kind === 'node') };
}

function coversOne({ kind, name, position }: LedgerProblem, at: number): boolean {
  return kind === 'entry' && position <= at && at <= Number(/ to (\d+)$/.exec(name)?.[1] ?? position);
}

/** Another value of the same type: one character, or another number. */
function other<T extends string | number>(value: T, random: Random): T {
  if (typeof value === 'number') return (value + (random(2) === 0 ? 1 + random(1000) : -1 - random(1000))) as T;
  const at = random(value.length);
  const letters = [...'0123456789abcdefghijklmnopqrstuvwxyz{}":, \n—'].filter((letter) => letter !== value[at]);
  return (value.slice(0, at) + letters[random(letters.length)]! + value.slice(at + 1)) as T;
}

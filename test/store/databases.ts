import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { openStore, storeOver, type Store } from '../../src/store/open-store.ts';
import { typeParser } from '../../src/store/postgres/postgres-dialect.ts';
import { pgliteDialect } from './pglite-dialect.ts';

/** An empty database that can be opened several times, as several processes would. */
export interface Database {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

/** Every kind of database there is to test on. A real Postgres takes part when `CORDON_TEST_POSTGRES` is its URL. */
export const DATABASES: readonly { readonly name: string; readonly create: () => Promise<Database> }[] = [
  { name: 'SQLite file', create: sqliteFile },
  { name: 'SQLite in memory', create: sqliteMemory },
  { name: 'PGlite', create: pglite },
  ...(process.env['CORDON_TEST_POSTGRES'] === undefined ? [] : [{ name: 'Postgres', create: postgres }]),
];

async function sqliteFile(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-store-'));
  return { open: () => openStore({ database: join(folder, 'cordon.db') }), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function sqliteMemory(): Promise<Database> {
  const store = await openStore({ database: ':memory:' });
  return { open: async () => ({ ...store, close: async () => undefined }), remove: () => store.close() };
}

const exact = typeParser(20) as (value: string) => number;
let shared: Promise<PGlite> | undefined;
let schemas = 0;

/** Why one instance and a schema each: starting it takes seconds and 300 MB, a schema milliseconds. */
async function pglite(): Promise<Database> {
  shared ??= import('@electric-sql/pglite').then(({ PGlite: Pglite }) => Pglite.create({ parsers: { 20: exact, 1700: exact } }));
  const instance = await shared;
  const schema = `t${++schemas}`;
  await instance.exec(`create schema ${schema}; set search_path to ${schema}`);
  const dialect = pgliteDialect(instance);
  return { open: () => storeOver(dialect, 'postgres'), remove: async () => void (await instance.exec(`drop schema ${schema} cascade`)) };
}

async function postgres(): Promise<Database> {
  const { default: pg } = await import('pg');
  const url = new URL(process.env['CORDON_TEST_POSTGRES'] ?? '');
  const schema = `t${process.pid}_${Date.now()}_${++schemas}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`create schema ${schema}`);
  const inside = new URL(url);
  inside.searchParams.set('options', `-c search_path=${schema}`);
  return { open: () => openStore({ database: inside.href }), remove: () => run(`drop schema ${schema} cascade`) };
}

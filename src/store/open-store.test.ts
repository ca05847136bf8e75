import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASES, type Database } from '../../test/store/databases.ts';
import { temporaryFolder } from '../../test/run-cli.ts';
import { isForeignKeyViolation, isUniqueViolation } from './database-error.ts';
import { newId } from './ids.ts';
import { openStore, type Store } from './open-store.ts';
import { networkDrive } from './sqlite/network-drive.ts';
import { typeParser } from './postgres/postgres-dialect.ts';

const blob = (sha256: string) => ({ sha256, size: 2 ** 40, git_sha1: null, created_at: Date.now() });
const code = (error: unknown): unknown => (error as { code?: unknown }).code;

describe.each(DATABASES)('$name', ({ name, create }) => {
  let database: Database;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  test('opens again with what was committed, and large numbers are numbers', async () => {
    await store.db.insertInto('blob').values(blob('a')).execute();
    const again = await database.open();
    expect(await again.db.selectFrom('blob').select(['sha256', 'size']).execute()).toEqual([{ sha256: 'a', size: 2 ** 40 }]);
    expect(
      await again.db
        .selectFrom('blob')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirst(),
    ).toEqual({ n: 1 });
    expect(
      await again.db
        .selectFrom('blob')
        .select(({ fn }) => fn.sum<number>('size').as('n'))
        .executeTakeFirst(),
    ).toEqual({ n: 2 ** 40 });
    await again.close();
  });

  test('a transaction that fails leaves nothing', async () => {
    const work = store.transaction(async (tx) => {
      await tx.insertInto('blob').values(blob('a')).execute();
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await store.db.selectFrom('blob').selectAll().execute()).toEqual([]);
  });

  test('fifty transactions at once read, add one and write: none is lost', async () => {
    await store.db
      .insertInto('blob')
      .values({ ...blob('n'), size: 0 })
      .execute();
    const add = () =>
      store.transaction(async (tx) => {
        const locked = tx.selectFrom('blob').select('size').where('sha256', '=', 'n');
        const { size } = await (store.dialect === 'postgres' ? locked.forUpdate() : locked).executeTakeFirstOrThrow();
        await tx
          .updateTable('blob')
          .set({ size: size + 1 })
          .where('sha256', '=', 'n')
          .execute();
      });
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await store.db.selectFrom('blob').select('size').executeTakeFirstOrThrow()).size).toBe(50);
  });

  test('says how many rows changed, and gives back what it wrote', async () => {
    await store.db
      .insertInto('blob')
      .values([blob('a'), blob('b')])
      .execute();
    const { numUpdatedRows } = await store.db.updateTable('blob').set({ size: 1 }).executeTakeFirst();
    expect(numUpdatedRows).toBe(2n);
    expect(await store.db.deleteFrom('blob').where('sha256', '=', 'a').returning('size').execute()).toEqual([{ size: 1 }]);
    const twice = await store.db
      .insertInto('blob')
      .values(blob('b'))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    expect(Number(twice.numInsertedOrUpdatedRows)).toBe(0);
  });

  test('tells which rule of the schema was broken', async () => {
    await store.db.insertInto('blob').values(blob('a')).execute();
    const twice: unknown = await store.db
      .insertInto('blob')
      .values(blob('a'))
      .execute()
      .catch((error: unknown) => error);
    expect([isUniqueViolation(twice), isForeignKeyViolation(twice)]).toEqual([true, false]);
    const answering: unknown = await store.db
      .insertInto('blob')
      .values(blob('a'))
      .returning('size')
      .execute()
      .catch((error: unknown) => error);
    expect(isUniqueViolation(answering)).toBe(true);
    const dangling: unknown = await store.db
      .insertInto('manifest_entry')
      .values({ manifest: 'none', path: 'p', sha256: 'a', size: 1 })
      .execute()
      .catch((error: unknown) => error);
    expect([isUniqueViolation(dangling), isForeignKeyViolation(dangling)]).toEqual([false, true]);
  });

  test('text sorts by its bytes', async () => {
    const names = ['a/b', 'a.txt', 'B', 'ä', 'b', 'onnx-fp16', 'onnx/model', 'z', '\u{1f600}', '\uffee'];
    await store.db.insertInto('blob').values(names.map(blob)).execute();
    const sorted = await store.db.selectFrom('blob').select('sha256').orderBy('sha256').execute();
    expect(sorted.map(({ sha256 }) => sha256)).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  test('text that looks like a number stays text', async () => {
    await store.db.insertInto('blob').values(blob('007')).execute();
    expect((await store.db.selectFrom('blob').select('sha256').executeTakeFirstOrThrow()).sha256).toBe('007');
  });

  test.skipIf(name === 'SQLite in memory')('a database of a newer version is refused', async () => {
    await sql`insert into migration (name, applied_at) values ('9999-future', 0)`.execute(store.db);
    expect(await database.open().then(() => 'opened', code)).toBe('storage.unavailable');
    await sql`delete from migration where name = '9999-future'`.execute(store.db);
  });
});

describe('SQLite', () => {
  test('streams more rows than it holds', async () => {
    const store = await openStore({ database: ':memory:' });
    for (let batch = 0; batch < 5; batch++)
      await store.db
        .insertInto('blob')
        .values(Array.from({ length: 100 }, (_, row) => blob(`${batch}-${row}`)))
        .execute();
    let rows = 0;
    for await (const _ of store.db.selectFrom('blob').selectAll().stream()) rows++;
    expect(rows).toBe(500);
    await store.close();
  });

  test('a statement on the store inside a transaction is an error, not a wait without end', async () => {
    const store = await openStore({ database: join(temporaryFolder(), 'a.db') });
    const nested = store.transaction(() => store.db.insertInto('blob').values(blob('a')).execute());
    expect(await nested.catch(code)).toBe('internal.bug');
    const twice = store.transaction(() => store.transaction(async () => 1));
    expect(await twice.catch(code)).toBe('internal.bug');
    await store.db.insertInto('blob').values(blob('b')).execute();
    await store.close();
  });

  test('readers see what was committed while a writer is at work', async () => {
    const store = await openStore({ database: join(temporaryFolder(), 'a.db') });
    await store.transaction(async (tx) => {
      await tx.insertInto('blob').values(blob('a')).execute();
      expect(await store.db.selectFrom('blob').selectAll().execute()).toEqual([]);
    });
    expect(await store.db.selectFrom('blob').selectAll().execute()).toHaveLength(1);
    await store.close();
  });

  test('waits for another process that writes, and keeps answering meanwhile', async () => {
    const path = join(temporaryFolder(), 'a.db');
    const store = await openStore({ database: path });
    const script = `
      import { openHandle } from ${JSON.stringify(new URL('sqlite/open-handle.ts', import.meta.url).href)};
      const handle = await openHandle(${JSON.stringify(path)});
      handle.exec('begin immediate');
      process.stdout.write('held');
      setTimeout(() => { handle.exec('commit'); handle.close(); }, 400);`;
    const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await store.db.insertInto('blob').values(blob('a')).returning('sha256').execute();
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
    await store.close();
  });

  test('a file that is no database is named as damaged', async () => {
    const path = join(temporaryFolder(), 'a.db');
    await writeFile(path, 'this is not a database, but long enough to look like one'.repeat(100));
    expect(await openStore({ database: path }).then(() => 'opened', code)).toBe('storage.corrupt');
  });

  test('network drives are known by their number', () => {
    expect([networkDrive(0x6969), networkDrive(0xff534d42 | 0), networkDrive(0xef53)]).toEqual(['NFS', 'CIFS', undefined]);
  });
});

test('a server that does not answer is named as such, without the password', async () => {
  const failed: unknown = await openStore({ database: 'postgres://u:secret@127.0.0.1:1/x' }).catch((error: unknown) => error);
  expect(code(failed)).toBe('storage.unavailable');
  expect(String(failed)).not.toContain('secret');
});

test('a number that JavaScript cannot hold is an error', () => {
  expect(typeParser(20)?.('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => typeParser(20)?.('9007199254740993')).toThrow('no exact integer');
  expect(typeParser(25)).toBeUndefined();
});

test('ids sort by age, also within a millisecond and when the clock steps back', () => {
  const now = Date.now() + 100_000;
  const ids = [...Array.from({ length: 10_000 }, () => newId(now)), newId(now - 50), newId(now + 1000)];
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(0, 10)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

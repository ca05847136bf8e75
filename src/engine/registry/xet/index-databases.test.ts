import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { type Database, DATABASES } from '../../../../test/store/databases.ts';
import type { Store } from '../../../store/open-store.ts';
import type { RegistryContext } from '../context.ts';
import type { ServableFile } from '../read-file.ts';
import type { Repository } from '../repositories.ts';
import { copyIndex, keepIndex, xetHashes } from './keep-index.ts';
import { openRun } from './open-run.ts';
import { reconstruct } from './reconstruct.ts';

const SHA256 = 'a'.repeat(64);
const XORB = 'b'.repeat(64);
const CONTENT = Buffer.from('0123456789012345678901234567');

describe.each(DATABASES)('the chunks of a file, on $name', ({ create }) => {
  let database: Database;
  let store: Store;
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  test('are kept once, found by any part, copied, and go with the repository and the blob', async () => {
    database = await create();
    store = await database.open();
    const context = { store } as RegistryContext;
    await store.db.insertInto('blob').values({ sha256: SHA256, size: CONTENT.length, git_sha1: null, created_at: 1 }).execute();
    const row = { kind: 'model', namespace: 'acme', private: 0, created_by: 'ann', created_at: 1, updated_at: 1 } as const;
    const [one, other] = ['one', 'other'].map((name) => ({ ...row, id: name, name })) as [Repository, Repository];
    await store.db.insertInto('repository').values([one, other]).execute();
    // The same two chunks twice, and one more.
    const terms = [
      { xorb: XORB, firstChunk: 3, lengths: [4, 6] },
      { xorb: XORB, firstChunk: 3, lengths: [4, 6] },
      { xorb: XORB, firstChunk: 5, lengths: [8] },
    ];
    await keepIndex(context, one, { sha256: SHA256, hash: 'c'.repeat(64), terms });
    await keepIndex(context, one, { sha256: SHA256, hash: 'd'.repeat(64), terms: terms.slice(1) });
    expect([...(await xetHashes(context, one, [SHA256]))]).toEqual([[SHA256, 'c'.repeat(64)]]);
    await copyIndex(context, one, other, [SHA256]);
    for (const repository of [one, other]) {
      const made = await reconstruct(context, repository, SHA256, { start: 5, end: 22 });
      expect(made.offset).toBe(1);
      expect(made.terms.map(({ start, end, length }) => [start, end, length])).toEqual([
        [4, 5, 6],
        [3, 5, 10],
        [5, 6, 8],
      ]);
      expect(made.runs).toEqual([{ xorb: XORB, start: 3, end: 6, bytes: 18 + 24 }]);
      const file = { sha256: SHA256, open: async (range) => Readable.from([CONTENT.subarray(range?.start, range?.end)]) } as ServableFile;
      const [run] = made.runs;
      const { size, open } = await openRun(context, repository, file, run as NonNullable<typeof run>);
      const bytes = await buffer(await open());
      expect([bytes.length, bytes.subarray(8, 12).toString(), bytes.subarray(-8).toString()]).toEqual([size, '0123', '01234567']);
    }
    await store.db.deleteFrom('repository').where('id', '=', 'one').execute();
    expect(await store.db.selectFrom('xet_term').select('repository_id').distinct().execute()).toEqual([{ repository_id: 'other' }]);
    await store.db.deleteFrom('blob').where('sha256', '=', SHA256).execute();
    expect(await store.db.selectFrom('xet_file').select('hash').execute()).toEqual([]);
  });
});

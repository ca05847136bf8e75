import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendEntry } from '../evidence/ledger/append.ts';
import { authenticate } from '../identity/authenticate.ts';
import { type Identity, openIdentity } from '../identity/identity.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { FIRST_ADMIN_FILE } from './data-folder.ts';
import { firstAdminKey } from './first-admin-key.ts';

let folder: string;
let store: Store;
let identity: Identity;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-first-'));
  store = await openStore({ database: ':memory:' });
  identity = openIdentity({ store, record: appendEntry });
});
afterEach(async () => {
  await identity.close();
  await store.close();
  await rm(folder, { recursive: true });
});

test('a process that died before it showed the key shows it at the next start; nobody else reads it', async () => {
  const first = await firstAdminKey(identity, folder);
  expect((await stat(join(folder, FIRST_ADMIN_FILE))).mode & 0o777).toBe(0o600);
  const again = await firstAdminKey(identity, folder);
  expect(again?.secret).toBe(first?.secret);
  expect(await authenticate(identity, { kind: 'bearer', token: again?.secret ?? '' })).toMatchObject({ name: 'admin' });
});

test('one that died before the database was written makes the administrator with the same key', async () => {
  const broken: Identity = { ...identity, record: () => Promise.reject(new Error('killed')) };
  await expect(firstAdminKey(broken, folder)).rejects.toThrow('killed');
  expect(await store.db.selectFrom('principal').select('id').execute()).toEqual([]);
  const key = await firstAdminKey(identity, folder);
  expect(await authenticate(identity, { kind: 'bearer', token: key?.secret ?? '' })).toMatchObject({ name: 'admin' });
});

test('once it was shown, or used, it is kept nowhere and shown no more', async () => {
  const key = await firstAdminKey(identity, folder);
  await key?.shown();
  expect(await readdir(folder)).toEqual([]);
  expect(await firstAdminKey(identity, folder)).toBeUndefined();
});

test('used without having been acknowledged, it is not shown again', async () => {
  await firstAdminKey(identity, folder);
  await store.db.updateTable('token').set({ last_used_at: 1 }).execute();
  expect(await firstAdminKey(identity, folder)).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('of two servers on one database one has the key', async () => {
  const other = await mkdtemp(join(tmpdir(), 'cordon-first-'));
  const keys = await Promise.all([firstAdminKey(identity, folder), firstAdminKey(identity, other)]);
  expect(keys.filter((key) => key !== undefined)).toHaveLength(1);
  await rm(other, { recursive: true });
});

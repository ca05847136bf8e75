import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASES, type Database } from '../../test/store/databases.ts';
import { newId } from './ids.ts';
import type { Store } from './open-store.ts';

const principal = (id: string) => ({
  id,
  kind: 'user' as const,
  name: id,
  email: null,
  password_hash: null,
  oidc_issuer: null,
  oidc_subject: null,
  disabled_at: null,
  created_at: 1,
});
const token = {
  id: 't',
  principal_id: 'ann',
  name: 't',
  prefix: 'p',
  hash: 'h',
  scopes: '{}',
  created_at: 1,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};
const repository = {
  id: 'r',
  kind: 'model' as const,
  namespace: 'acme',
  name: 'a',
  private: 0,
  created_by: 'ann',
  created_at: 1,
  updated_at: 1,
};
const revision = { id: 'v', repository_id: 'r', manifest: 'm', parent: null, title: '', message: '', author: 'ann', created_at: 1 };

describe.each(DATABASES)('changes on $name', ({ create }) => {
  let database: Database;
  let store: Store;
  let other: Store;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
    other = await database.open();
    await store.db.insertInto('principal').values(principal('ann')).execute();
    await store.db.insertInto('token').values(token).execute();
    await store.db.insertInto('repository').values(repository).execute();
    await store.db
      .insertInto('manifest')
      .values(['m', 'n'].map((digest) => ({ digest, oms_digest: '', files: 0, bytes: 0, created_at: 1 })))
      .execute();
    await store.db
      .insertInto('revision')
      .values([revision, { ...revision, id: 'w' }])
      .execute();
  });
  afterEach(async () => {
    await store.close();
    await other.close();
    await database.remove();
  });

  test('each change of who may do what, or what is served, is seen at once by every server', async () => {
    const acts: readonly (() => Promise<unknown>)[] = [
      () => store.db.updateTable('token').set({ revoked_at: 5 }).execute(),
      () => store.db.updateTable('principal').set({ disabled_at: 5 }).execute(),
      () =>
        store.db
          .insertInto('role_binding')
          .values({ id: newId(), holder: 'h', role: 'r', namespace: '*', created_by: '', created_at: 1 })
          .execute(),
      () => store.db.deleteFrom('role_binding').execute(),
      () => store.db.insertInto('ref').values({ repository_id: 'r', name: 'refs/heads/main', revision: 'v', updated_at: 1 }).execute(),
      () => store.transaction((tx) => tx.updateTable('ref').set({ revision: 'w' }).execute()),
      () =>
        store.db
          .insertInto('admission')
          .values({ repository_id: 'r', manifest: 'm', state: 'admitted', decision_id: null, reason: '', updated_at: 1, expires_at: null })
          .execute(),
      () => store.db.updateTable('admission').set({ state: 'recalled' }).execute(),
      () => store.db.updateTable('repository').set({ name: 'b' }).execute(),
      () => store.db.deleteFrom('ref').execute(),
      () => store.db.deleteFrom('token').execute(),
    ];
    for (const act of acts) {
      const before = [await store.changes(), await other.changes()];
      expect(before[0]).toBe(before[1]);
      await act();
      expect(await store.changes()).toBeGreaterThan(before[0] as number);
      expect(await other.changes()).toBe(await store.changes());
    }
  });

  test('nothing else changes the number, and what was rolled back does not either', async () => {
    const before = await store.changes();
    await store.db.updateTable('token').set({ last_used_at: 7 }).execute();
    await store.db.insertInto('blob').values({ sha256: 'a', size: 1, git_sha1: null, created_at: 1 }).execute();
    await store
      .transaction(async (tx) => {
        await tx.updateTable('token').set({ revoked_at: 5 }).execute();
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await store.changes()).toBe(before);
    expect(await other.changes()).toBe(before);
  });

  test('who asks while others ask gets no older answer', async () => {
    const asked = Array.from({ length: 20 }, () => store.changes());
    await store.db.updateTable('token').set({ revoked_at: 5 }).execute();
    const after = await other.changes();
    await Promise.all(asked);
    expect(await Promise.all(Array.from({ length: 20 }, () => store.changes()))).toEqual(Array.from({ length: 20 }, () => after));
  });

  test('many rows of one transaction count at least once', async () => {
    const before = await store.changes();
    await store.transaction(async (tx) => {
      for (let index = 0; index < 300; index++)
        await tx
          .insertInto('principal')
          .values(principal(`p${index}`))
          .execute();
      await tx.updateTable('principal').set({ disabled_at: 5 }).execute();
    });
    expect(await other.changes()).toBeGreaterThan(before);
  });
});

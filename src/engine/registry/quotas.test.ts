import { afterEach, expect, test } from 'vitest';
import { createRepository, deleteRepository, moveRepository } from './repositories.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { upload } from './upload.ts';

const KIB = 1_024;
const acme = (name: string) => ({ kind: 'model', namespace: 'acme', name }) as const;

let registry: TestRegistry;
afterEach(() => registry.close());

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function used(): Promise<number | undefined> {
  const row = await registry.context.store.db
    .selectFrom('namespace_use')
    .select('bytes')
    .where('namespace', '=', 'acme')
    .executeTakeFirst();
  return row?.bytes;
}

test('of many uploads at once only as many are kept as fit, and each content counts once', async () => {
  registry = await testRegistry({ registry: { quotas: { acme: { bytes: 10 * KIB } } } });
  const ann = await registry.person('ann', 'admin');
  const repository = await createRepository(registry.context, ann, acme('a'));
  const other = await createRepository(registry.context, ann, acme('b'));
  const ended = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) =>
      upload(registry.context, ann, index % 2 === 0 ? repository : other, once(Buffer.alloc(KIB, index >> 1)), {}),
    ),
  );
  expect(await used()).toBe(10 * KIB);
  const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set(['quota.bytes']));
  const kept = new Set(ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value.sha256] : [])));
  expect(kept.size).toBe(10);
});

test('a namespace without a quota of its own has that of all, one with none has no limit', async () => {
  registry = await testRegistry({ registry: { quotas: { '*': { bytes: KIB }, acme: {} } } });
  const ann = await registry.person('ann', 'admin');
  const repository = await createRepository(registry.context, ann, acme('a'));
  await registry.push(ann, repository, { 'a.txt': Buffer.alloc(4 * KIB) });
  const small = await createRepository(registry.context, ann, { ...acme('a'), namespace: 'small' });
  await expect(registry.push(ann, small, { 'a.txt': Buffer.alloc(4 * KIB, 1) })).rejects.toMatchObject({ code: 'quota.bytes' });
  // Known elsewhere, new here.
  const { sha256 } = await upload(registry.context, ann, repository, once(Buffer.alloc(2 * KIB, 2)), {});
  await expect(registry.push(ann, small, {}, { changes: [{ change: 'put', path: 'b', sha256 }] })).rejects.toMatchObject({
    code: 'quota.bytes',
  });
});

test('what was there before the quota counts, and what is deleted does not', async () => {
  const quotas: Record<string, object> = {};
  registry = await testRegistry({ registry: { quotas } });
  const ann = await registry.person('ann', 'admin');
  const repository = await createRepository(registry.context, ann, acme('a'));
  await registry.push(ann, repository, { 'a.txt': Buffer.alloc(4 * KIB) });
  await registry.push(ann, repository, { 'a.txt': Buffer.alloc(2 * KIB, 1) });
  Object.assign(registry.context.config.registry.quotas, { acme: { bytes: 8 * KIB } });
  const other = await createRepository(registry.context, ann, acme('b'));
  await expect(registry.push(ann, other, { 'b.txt': Buffer.alloc(3 * KIB, 2) })).rejects.toMatchObject({ code: 'quota.bytes' });
  await registry.push(ann, other, { 'b.txt': Buffer.alloc(KIB, 3) });
  expect(await used()).toBe(7 * KIB);
  await registry.context.store.db.deleteFrom('blob_lease').execute();
  await deleteRepository(registry.context, ann, acme('a'));
  expect(await used()).toBe(KIB);
  await registry.push(ann, other, { 'c.txt': Buffer.alloc(7 * KIB, 4) });
});

test('repositories are counted in the transaction that makes or moves them', async () => {
  registry = await testRegistry({ registry: { quotas: { acme: { repositories: 3 } } } });
  const ann = await registry.person('ann', 'admin');
  const ended = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => createRepository(registry.context, ann, acme(`r${index}`))),
  );
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  await createRepository(registry.context, ann, { ...acme('free'), namespace: 'other' });
  await expect(moveRepository(registry.context, ann, { ...acme('free'), namespace: 'other' }, acme('free'))).rejects.toMatchObject({
    code: 'quota.repositories',
  });
  const counted = await registry.context.store.db.selectFrom('repository').select('id').where('namespace', '=', 'acme').execute();
  expect(counted).toHaveLength(3);
});

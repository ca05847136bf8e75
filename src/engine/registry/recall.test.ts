import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { admit } from './admit.ts';
import { openServable } from './read-file.ts';
import { liftRecall, pullersOf, recall } from './recall.ts';
import { createRepository, deleteRepository, type Repository } from './repositories.ts';
import { type TestRegistry, testRegistry } from './testing.ts';

const FILES = { 'config.json': '{"a":1}' };

let registry: TestRegistry;
let ann: Principal;
let root: Principal;
let eve: Principal;

beforeAll(async () => {
  registry = await testRegistry();
  root = await registry.person('root', 'admin');
  ann = await registry.person('ann', 'approver', 'acme');
  eve = await registry.person('eve', 'approver', 'evil');
});
afterAll(() => registry.close());

function made(who: Principal, id: string): Promise<Repository> {
  const [namespace = '', name = ''] = id.split('/');
  return createRepository(registry.context, who, { kind: 'model', namespace, name });
}

async function isServed(who: Principal, repository: Repository, files: Readonly<Record<string, string>>): Promise<boolean> {
  const revision = await registry.push(who, repository, files);
  const [path = ''] = Object.keys(files);
  return openServable(registry.context, who, repository, revision, path).then(
    () => true,
    () => false,
  );
}

test('what was recalled is not served because it is committed again, elsewhere or after the repository was deleted', async () => {
  const { context } = registry;
  const files = { 'again.json': '{}' };
  const first = await made(root, 'acme/first');
  const { manifest } = await registry.push(root, first, files);
  await recall(context, ann, first, manifest, 'backdoor');
  const second = await made(root, 'acme/second');
  expect(await isServed(root, second, files)).toBe(false);
  await deleteRepository(context, root, { kind: 'model', namespace: 'acme', name: 'first' });
  await deleteRepository(context, root, { kind: 'model', namespace: 'acme', name: 'second' });
  expect(await isServed(root, await made(root, 'acme/first'), files)).toBe(false);
});

test('a recall counts where its author may recall: not in the namespace of others, and for an administrator everywhere', async () => {
  const { context } = registry;
  const files = { 'scope.json': '{}' };
  const own = await made(eve, 'evil/scope');
  const { manifest } = await registry.push(eve, own, files);
  await recall(context, eve, own, manifest, 'mine');
  const victim = await made(ann, 'acme/scope');
  expect(await isServed(ann, victim, files)).toBe(true);
  await recall(context, root, victim, manifest, 'everywhere');
  expect(await isServed(eve, await made(eve, 'evil/later'), files)).toBe(false);
});

test('a copy in a namespace of somebody else neither stops a recall nor is told of', async () => {
  const { context } = registry;
  const files = { 'copy.json': '{}' };
  const own = await made(ann, 'acme/copy');
  const { manifest } = await registry.push(ann, own, files);
  const copy = await made(eve, 'evil/copy');
  await registry.push(eve, copy, files);
  const done = await recall(context, ann, own, manifest, 'backdoor');
  expect(done.repositories).toEqual(['acme/copy']);
  expect(JSON.stringify(done)).not.toContain('evil');
  expect((await admit(context, copy, manifest)).state).toBe('admitted');
});

test('a thousand copies leave room in the ledger for the recall', async () => {
  const { context } = registry;
  const files = { 'many.json': '{}' };
  const first = await made(ann, 'acme/many');
  const { manifest } = await registry.push(ann, first, files);
  const { db } = context.store;
  const names = Array.from({ length: 799 }, (_, number) => `many-${number}-${'x'.repeat(80)}`);
  await db
    .insertInto('repository')
    .values(names.map((name) => ({ ...first, id: name, name })))
    .execute();
  const admitted = { manifest, state: 'admitted', decision_id: null, reason: '', updated_at: 0, expires_at: null } as const;
  await db
    .insertInto('admission')
    .values(names.map((name) => ({ repository_id: name, ...admitted })))
    .execute();
  const done = await recall(context, ann, first, manifest, 'backdoor');
  expect(done.repositories).toHaveLength(800);
});

test('who pulled from repositories of others is not told; what an administrator recalled is not lifted by others', async () => {
  const { context } = registry;
  const own = await made(eve, 'evil/pulls');
  const private_ = await made(ann, 'acme/pulls');
  const revision = await registry.push(ann, private_, FILES);
  const { manifest } = await registry.push(eve, own, FILES);
  expect(manifest).toBe(revision.manifest);
  context.pulls.add({ repositoryId: private_.id, revision: revision.id, manifest, principal: 'ann', client: 'hf' }, context.now());
  await context.pulls.flush();
  expect(await pullersOf(context, eve, manifest)).toEqual([]);
  expect(await pullersOf(context, ann, manifest)).toHaveLength(1);
  await recall(context, root, private_, manifest, 'backdoor');
  await expect(liftRecall(context, eve, own, manifest)).rejects.toMatchObject({ code: 'access.denied' });
  await liftRecall(context, root, own, manifest);
  expect((await admit(context, own, manifest)).state).toBe('admitted');
});

test('who pulled is known also when the repository was deleted', async () => {
  const { context } = registry;
  const repository = await made(root, 'acme/gone');
  const revision = await registry.push(root, repository, { 'gone.json': '{}' });
  const { manifest } = revision;
  context.pulls.add({ repositoryId: repository.id, revision: revision.id, manifest, principal: 'ann', client: 'hf' }, context.now());
  await context.pulls.flush();
  await deleteRepository(context, root, { kind: 'model', namespace: 'acme', name: 'gone' });
  expect(await pullersOf(context, root, manifest)).toMatchObject([{ principal: 'ann' }]);
  expect(await pullersOf(context, ann, manifest)).toEqual([]);
});

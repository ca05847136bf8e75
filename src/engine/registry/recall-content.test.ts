import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { admissionOf, admit } from './admit.ts';
import { openServable } from './read-file.ts';
import { liftContentRecall, listContentRecalls, recallContent } from './recall-content.ts';
import { liftRecall, recall } from './recall.ts';
import { createRepository, type Repository } from './repositories.ts';
import type { Revision } from './revisions.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { seal } from './versions.ts';

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

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function made(who: Principal, id: string): Promise<Repository> {
  const [namespace = '', name = ''] = id.split('/');
  return createRepository(registry.context, who, { kind: 'model', namespace, name });
}

/** Pushes a file with this content, and another that makes the set a new one. */
async function pushed(who: Principal, repository: Repository, content: string, other: string): Promise<Revision> {
  const revision = await registry.push(who, repository, { 'weights.txt': content, 'README.md': other });
  await admit(registry.context, repository, revision.manifest);
  return revision;
}

const isServed = (who: Principal, repository: Repository, revision: Revision): Promise<boolean> =>
  openServable(registry.context, who, repository, revision, 'README.md').then(
    () => true,
    () => false,
  );

test('every revision and version that holds the content is blocked, and who pulled one is told', async () => {
  const { context } = registry;
  const one = await made(ann, 'acme/one');
  const two = await made(ann, 'acme/two');
  const first = await pushed(ann, one, 'poison', 'a');
  const second = await pushed(ann, one, 'poison', 'b');
  const third = await pushed(ann, two, 'poison', 'c');
  const clean = await pushed(ann, two, 'good', 'd');
  const version = await seal(context, ann, one, first);
  context.pulls.add({ repositoryId: two.id, revision: third.id, manifest: third.manifest, principal: 'eve', client: 'hf' }, Date.now());
  const done = await recallContent(context, ann, digest('poison'), 'backdoor');
  expect(done).toMatchObject({ scopes: ['acme'], repositories: ['acme/one', 'acme/two'], elsewhere: [] });
  expect(done.manifests).toHaveLength(3);
  expect(done.pulledBy).toMatchObject([{ principal: 'eve', repository: 'acme/two' }]);
  for (const [repository, revision] of [
    [one, first],
    [one, second],
    [two, third],
  ] as const)
    expect(await isServed(ann, repository, revision)).toBe(false);
  expect(await isServed(ann, two, clean)).toBe(true);
  expect(await admissionOf(context, one, version.manifest)).toMatchObject({
    state: 'recalled',
    reason: expect.stringContaining('backdoor'),
  });
  expect(await isServed(ann, two, await pushed(ann, two, 'poison', 'later'))).toBe(false);
  const entries = await context.store.db.selectFrom('ledger').select('body').where('kind', '=', 'content.recalled').execute();
  expect(JSON.parse(entries[0]?.body ?? '{}')).toMatchObject({ sha256: digest('poison'), blocked: 3, by: 'ann' });
});

test('it counts where its author may recall, and tells nothing of elsewhere', async () => {
  const { context } = registry;
  const theirs = await pushed(ann, await made(ann, 'acme/scope'), 'shared', 'a');
  await expect(recallContent(context, eve, digest('shared'), 'mine')).rejects.toMatchObject({ code: 'access.denied' });
  await expect(recallContent(context, eve, digest('nowhere'), 'mine')).rejects.toMatchObject({ code: 'access.denied' });
  await pushed(eve, await made(eve, 'evil/own'), 'shared', 'b');
  const done = await recallContent(context, eve, digest('shared'), 'mine');
  expect(done).toMatchObject({ scopes: ['evil'], repositories: ['evil/own'], elsewhere: [] });
  expect(await context.store.db.selectFrom('admission').select('state').where('manifest', '=', theirs.manifest).execute()).toEqual([
    { state: 'admitted' },
  ]);
  expect((await listContentRecalls(context, ann)).map(({ scope }) => scope)).toEqual(['acme']);
});

test('what is known to be bad is blocked before it comes, and while it is being decided', async () => {
  const { context } = registry;
  expect(await recallContent(context, root, digest('known bad'), 'advisory')).toMatchObject({ scopes: ['*'], repositories: [] });
  const repository = await made(ann, 'acme/early');
  expect(await isServed(ann, repository, await pushed(ann, repository, 'known bad', 'a'))).toBe(false);
  const revision = await registry.push(ann, repository, { 'weights.txt': 'racing', 'README.md': 'b' });
  const deciding = admit(context, repository, revision.manifest);
  // As another server may see it: the recall is there, the row was written before it.
  await context.store.db
    .insertInto('content_recall')
    .values({ sha256: digest('racing'), scope: '*', reason: 'race', recalled_by: 'root', created_at: 1 })
    .execute();
  expect(await deciding).toMatchObject({ state: 'recalled', reason: 'race' });
});

test('only an administrator ends it, and what was recalled otherwise stays recalled', async () => {
  const { context } = registry;
  const repository = await made(ann, 'acme/lifted');
  const revision = await pushed(ann, repository, 'lifted', 'a');
  const other = await pushed(ann, repository, 'lifted', 'b');
  await recall(context, ann, repository, other.manifest, 'itself');
  await recallContent(context, ann, digest('lifted'), 'by mistake');
  await expect(liftContentRecall(context, ann, digest('lifted'))).rejects.toMatchObject({ code: 'access.denied' });
  await liftRecall(context, ann, repository, revision.manifest);
  expect(await isServed(ann, repository, revision)).toBe(false);
  expect(await liftContentRecall(context, root, digest('lifted'))).toEqual(['acme']);
  expect(await isServed(ann, repository, revision)).toBe(true);
  expect(await isServed(ann, repository, other)).toBe(false);
});

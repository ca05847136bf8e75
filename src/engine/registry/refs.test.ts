import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { refName } from './names.ts';
import { merge } from './pull-requests/merge.ts';
import { propose } from './pull-requests/propose.ts';
import { createRef } from './refs.ts';
import { createRepository, type Repository } from './repositories.ts';
import { resolveRevision, type Revision } from './revisions.ts';
import { squash } from './squash.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { seal } from './versions.ts';

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;
let first: Revision;

beforeAll(async () => {
  registry = await testRegistry();
  ann = await registry.person('ann', 'contributor', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  first = await registry.push(ann, repository, { 'config.json': '{"a":1}' });
});
afterAll(() => registry.close());

test('a branch cannot stand in for the tag of a version, nor a tag for a branch', async () => {
  const { context } = registry;
  const version = await seal(context, ann, repository, first);
  const other = await registry.push(ann, repository, { 'config.json': '{"a":2}' });
  await expect(createRef(context, ann, repository, refName('heads', `v${version.number}`), other)).rejects.toMatchObject({
    code: 'registry.conflict',
  });
  await expect(registry.push(ann, repository, { 'x.json': '{}' }, { ref: refName('heads', 'v1') })).rejects.toMatchObject({
    code: 'registry.conflict',
  });
  await expect(createRef(context, ann, repository, refName('tags', 'main'), first)).rejects.toMatchObject({ code: 'registry.conflict' });
  expect((await resolveRevision(context, repository, 'v1')).id).toBe(first.id);
});

test('a version never takes the name of a branch', async () => {
  const { context } = registry;
  const head = await registry.push(ann, repository, { 'y.json': '{}' }, { ref: refName('heads', 'v2'), startFrom: first });
  expect((await seal(context, ann, repository, head)).number).toBe(3);
});

test.each(['refs/pr/1', 'refs/heads/main', 'HEAD', 'a'.repeat(40)])(
  '%s is no name for a branch or tag: it means something else',
  (name) => {
    for (const kind of ['heads', 'tags'] as const) expect(() => refName(kind, name)).toThrow(/cannot be the name/);
  },
);

test('what is merged is the proposed change, whatever else has its name', async () => {
  const { context } = registry;
  const { number } = await propose(context, ann, repository, { kind: 'pull-request', title: 't', description: '', status: 'open' });
  const proposed = await registry.push(ann, repository, { 'z.json': '{}' }, { ref: `refs/pr/${number}` });
  await context.store.db
    .insertInto('ref')
    .values({ repository_id: repository.id, name: `refs/heads/refs/pr/${number}`, revision: first.id, updated_at: 0 })
    .execute();
  expect((await merge(context, ann, repository, number, '')).id).toBe(proposed.id);
});

test('squashing and committing move no tag', async () => {
  const { context } = registry;
  await expect(squash(context, ann, repository, 'refs/tags/v1', 'x')).rejects.toMatchObject({ code: 'request.invalid' });
  await expect(registry.push(ann, repository, { 'a.json': '{}' }, { ref: 'refs/tags/v1' })).rejects.toMatchObject({
    code: 'request.invalid',
  });
});

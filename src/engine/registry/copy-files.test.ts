import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { admit } from './admit.ts';
import { commit } from './commit.ts';
import { copyFiles } from './copy-files.ts';
import { duplicateRepository } from './duplicate-repository.ts';
import { loadManifest } from './manifest.ts';
import { recall } from './recall.ts';
import { createRepository, deleteRepository, find, type Repository } from './repositories.ts';
import { resolveRevision } from './revisions.ts';
import { type TestRegistry, testRegistry } from './testing.ts';

let registry: TestRegistry;
let ann: Principal;
let eve: Principal;
let source: Repository;
let target: Repository;

const model = (namespace: string, name: string) => ({ kind: 'model', namespace, name }) as const;
const digest = (content: string): string => createHash('sha256').update(content).digest('hex');

beforeAll(async () => {
  registry = await testRegistry();
  const { context } = registry;
  ann = await registry.person('ann', 'approver', '*');
  eve = await registry.person('eve', 'contributor', 'evil');
  source = await createRepository(context, ann, model('acme', 'source'));
  target = await createRepository(context, ann, model('other', 'target'));
  const { manifest } = await registry.push(ann, source, { 'a.txt': 'a', 'b.txt': 'b' });
  await admit(context, source, manifest);
});
afterAll(() => registry.close());

describe('files of another repository', () => {
  test('can be committed without being sent, also when the first is gone by then', async () => {
    const { context } = registry;
    const gone = await createRepository(context, ann, model('acme', 'gone'));
    await admit(context, gone, (await registry.push(ann, gone, { 'c.txt': 'c' })).manifest);
    const reader = await registry.person('rita', 'contributor', 'other');
    await expect(copyFiles(context, reader, gone, target, [digest('c')])).rejects.toMatchObject({ code: 'repository.missing' });
    expect(await copyFiles(context, ann, gone, target, [digest('c')])).toEqual([]);
    await deleteRepository(context, await registry.person('root', 'admin'), model('acme', 'gone'));
    const changes = [{ change: 'put', path: 'c.txt', sha256: digest('c') } as const];
    const made = await commit(context, ann, target, { ref: 'refs/heads/main', title: 'copy', changes });
    expect(await loadManifest(context.store.db, made.manifest)).toEqual([{ path: 'c.txt', sha256: digest('c'), size: 1 }]);
  });

  test('only with the right to read the one and to write the other', async () => {
    const { context } = registry;
    const own = await createRepository(context, eve, model('evil', 'own'));
    await expect(copyFiles(context, eve, source, own, [digest('a')])).rejects.toMatchObject({ code: 'repository.missing' });
    await expect(copyFiles(context, eve, own, source, [digest('a')])).rejects.toMatchObject({ code: 'repository.missing' });
    const reader = await registry.person('rob', 'reader', '*');
    await expect(copyFiles(context, reader, source, target, [digest('a')])).rejects.toMatchObject({ code: 'access.denied' });
    const changes = [{ change: 'put', path: 'a.txt', sha256: digest('a') } as const];
    const stolen = commit(context, eve, own, { ref: 'refs/heads/main', title: 'steal', changes });
    await expect(stolen).rejects.toMatchObject({ code: 'request.invalid' });
  });

  test('only what a gate admitted there', async () => {
    const { context } = registry;
    const evil = "cos\nsystem\n(S'id'\ntR.";
    const bad = await registry.push(ann, source, { 'evil.pkl': evil, 'beside.txt': 'beside' }, { ref: 'refs/heads/bad' });
    expect(await copyFiles(context, ann, source, target, [digest('beside')])).toEqual([digest('beside')]);
    expect((await admit(context, source, bad.manifest)).state).toBe('quarantined');
    expect(await copyFiles(context, ann, source, target, [digest(evil), digest('a'), digest('none')])).toEqual([
      digest(evil),
      digest('none'),
    ]);
  });
});

describe('a whole repository', () => {
  test('is made again with the same files, in one commit that says where they are from', async () => {
    const { context } = registry;
    const copy = await duplicateRepository(context, ann, model('acme', 'source'), model('other', 'copy'), { private: true });
    expect(copy.private).toBe(1);
    const head = await resolveRevision(context, copy, 'main');
    expect(head).toMatchObject({
      title: 'Duplicate from acme/source',
      parent: null,
      manifest: (await resolveRevision(context, source, 'main')).manifest,
    });
    expect((await admit(context, copy, head.manifest)).state).toBe('admitted');
    const again = duplicateRepository(context, ann, model('acme', 'source'), model('other', 'copy'));
    await expect(again).rejects.toMatchObject({ code: 'registry.conflict' });
  });

  test('where main takes two people nothing is left behind', async () => {
    const { context } = registry;
    const { config } = context;
    const strict = { ...context, config: { ...config, registry: { ...config.registry, twoPeopleForMain: true } } };
    const made = duplicateRepository(strict, ann, model('acme', 'source'), model('other', 'alone'));
    await expect(made).rejects.toMatchObject({ code: 'access.denied' });
    expect(await find(context.store.db, model('other', 'alone'))).toBeUndefined();
  });

  test('an empty one is empty', async () => {
    const { context } = registry;
    await createRepository(context, ann, model('acme', 'empty'));
    const copy = await duplicateRepository(context, ann, model('acme', 'empty'), model('other', 'empty'));
    await expect(resolveRevision(context, copy, 'main')).rejects.toMatchObject({ code: 'revision.missing' });
  });

  test('not of what somebody may not read, not to where they may not write, not what was refused or recalled', async () => {
    const { context } = registry;
    const to = async (who: Principal, from: string, namespace: string): Promise<unknown> =>
      duplicateRepository(context, who, model('acme', from), model(namespace, 'stolen'));
    await expect(to(eve, 'source', 'evil')).rejects.toMatchObject({ code: 'repository.missing' });
    await expect(to(await registry.person('rob', 'reader', '*'), 'source', 'acme')).rejects.toMatchObject({ code: 'access.denied' });
    const bad = await createRepository(context, ann, model('acme', 'bad'));
    await admit(context, bad, (await registry.push(ann, bad, { 'evil.pkl': "cos\nsystem\n(S'id'\ntR." })).manifest);
    await expect(to(ann, 'bad', 'other')).rejects.toMatchObject({ code: 'registry.blocked' });
    await recall(context, ann, source, (await resolveRevision(context, source, 'main')).manifest, 'poisoned');
    await expect(to(ann, 'source', 'other')).rejects.toMatchObject({ code: 'registry.blocked' });
    expect(await copyFiles(context, ann, source, target, [digest('a')])).toEqual([digest('a')]);
    expect(await find(context.store.db, model('other', 'stolen'))).toBeUndefined();
  });
});

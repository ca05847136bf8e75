import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config } from '../../core/config.ts';
import type { Principal } from '../../identity/permission.ts';
import { admit } from './admit.ts';
import { approve } from './approve.ts';
import { commit } from './commit.ts';
import { promote } from './promote.ts';
import { openServable } from './read-file.ts';
import { liftRecall, recall } from './recall.ts';
import { createRepository, openRepository, type Repository } from './repositories.ts';
import { retro } from './retro.ts';
import { listHistory, resolveRevision } from './revisions.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { openVersion, seal } from './versions.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");
const HARMLESS = '{"model_type": "bert"}';

let registry: TestRegistry;
let ann: Principal;
let bob: Principal;
let repository: Repository;

beforeAll(async () => {
  registry = await testRegistry();
  ann = await registry.person('ann', 'approver', 'acme');
  bob = await registry.person('bob', 'approver', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
});
afterAll(() => registry.close());

async function read(path: string, name = 'main', who = ann): Promise<string> {
  const { context } = registry;
  const revision = await resolveRevision(context, repository, name);
  const file = await openServable(context, who, repository, revision, path);
  return (await buffer(await file.open())).toString();
}

describe('ingest', () => {
  test('a harmless file is served once a gate has admitted it', async () => {
    const revision = await registry.push(ann, repository, { 'config.json': HARMLESS, 'docs/readme.md': '# Bert' });
    expect(revision.id).toMatch(/^[0-9a-f]{40}$/);
    expect(await read('config.json')).toBe(HARMLESS);
    expect((await admit(registry.context, repository, revision.manifest)).state).toBe('admitted');
  });

  test('a pickle that calls os.system is never served, and the reason says why', async () => {
    const revision = await registry.push(ann, repository, { 'model.pkl': MALICIOUS }, { ref: 'refs/heads/bad' });
    await expect(read('model.pkl', 'bad')).rejects.toMatchObject({
      code: 'registry.blocked',
      message: expect.stringContaining('model.pkl'),
    });
    await expect(read('model.pkl', revision.id)).rejects.toMatchObject({ code: 'registry.blocked' });
  });

  test('what was not uploaded by the committer, nor is readable to it, cannot be referred to', async () => {
    const eve = await registry.person('eve', 'contributor', 'evil');
    const own = await createRepository(registry.context, eve, { kind: 'model', namespace: 'evil', name: 'thief' });
    const stolen = (await resolveRevision(registry.context, repository, 'main')).manifest;
    const { sha256 } = await registry.context.store.db
      .selectFrom('manifest_entry')
      .select('sha256')
      .where('manifest', '=', stolen)
      .where('path', '=', 'config.json')
      .executeTakeFirstOrThrow();
    const changes = [{ change: 'put', path: 'loot.json', sha256 }] as const;
    await expect(commit(registry.context, eve, own, { ref: 'refs/heads/main', title: 'x', changes })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  test('a stale parent is a conflict and changes nothing', async () => {
    const [first] = await listHistory(registry.context, repository, await resolveRevision(registry.context, repository, 'main'), 1);
    await registry.push(ann, repository, { 'a.txt': 'a' });
    await expect(registry.push(ann, repository, { 'b.txt': 'b' }, { parent: first?.id ?? '' })).rejects.toMatchObject({
      code: 'registry.conflict',
    });
    await expect(read('b.txt')).rejects.toMatchObject({ code: 'file.missing' });
  });

  test.each(['../x', '/x', 'a//b', 'a/./b', 'C:/x', 'a\\b', 'x/.git/config', 'a\u0000b', ''])('the path %j is refused', async (path) => {
    await expect(registry.push(ann, repository, { [path]: 'x' })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  test.each([
    ['README.md', 'readme.md'],
    ['caf\u00e9.txt', 'cafe\u0301.txt'],
    ['Data', 'data/x.txt'],
  ])('%j and %j cannot be in one revision', async (one, other) => {
    await expect(registry.push(ann, repository, { [one]: 'x', [other]: 'y' })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  test('who may not read learns nothing', async () => {
    const eve = await registry.person('eve', 'contributor', 'evil');
    const name = { kind: 'model', namespace: 'acme', name: 'bert' } as const;
    const seen = await openRepository(registry.context, eve, name).catch((error: Error) => error.message);
    const absent = await openRepository(registry.context, eve, { ...name, name: 'none' }).catch((error: Error) => error.message);
    expect(String(seen).replace('bert', 'none')).toBe(absent);
  });
});

describe('promotion and recall', () => {
  test('production needs the approval of somebody else', async () => {
    const { context } = registry;
    const version = await seal(context, ann, repository, await resolveRevision(context, repository, 'main'));
    const alone = await promote(context, ann, repository, version, 'production');
    expect(alone.isPromoted).toBe(false);
    expect(alone.requirements).toMatchObject([{ id: 'approvals', isMet: false }]);
    await approve(context, ann, repository, version, { stage: 'production' });
    expect((await promote(context, ann, repository, version, 'production')).isPromoted).toBe(false);
    await approve(context, bob, repository, version, { stage: 'production' });
    expect((await promote(context, ann, repository, version, 'production')).isPromoted).toBe(true);
    expect((await openVersion(context, repository, version.number)).stage).toBe('production');
    expect(await read('config.json', `v${version.number}`)).toBe(HARMLESS);
  });

  test('a recall blocks at once and names who pulled; lifting it decides again', async () => {
    const { context } = registry;
    const revision = await resolveRevision(context, repository, 'main');
    context.pulls.add(
      { repositoryId: repository.id, revision: revision.id, manifest: revision.manifest, principal: 'bob', client: 'hf test' },
      context.now(),
    );
    const done = await recall(context, ann, repository, revision.manifest, 'backdoor found');
    expect(done.pulledBy).toMatchObject([{ principal: 'bob', repository: 'acme/bert', files: 1 }]);
    await expect(read('config.json')).rejects.toMatchObject({
      code: 'registry.blocked',
      message: expect.stringContaining('backdoor found'),
    });
    await liftRecall(context, ann, repository, revision.manifest);
    expect(await read('config.json')).toBe(HARMLESS);
  });
});

describe('deciding again', () => {
  test('a new rule quarantines what is stored, without its bytes', async () => {
    const { context } = registry;
    const entry = { id: 'no-json', when: 'artifacts.exists(a, a.path.endsWith(".json"))' };
    const stricter = { ...context, config: Config.parse({ gates: { ci: { extends: 'ci', deny: [entry] } } }) };
    const blobs = { ...context.blobs, localPath: () => Promise.reject(new Error('bytes were read')) };
    const hunt = await retro({ ...stricter, blobs: blobs as never });
    expect(hunt.changed.length).toBeGreaterThan(0);
    await expect(read('config.json')).rejects.toMatchObject({ code: 'registry.blocked' });
    expect((await retro(context)).changed.every(({ after }) => after === 'admitted')).toBe(true);
    expect(await read('config.json')).toBe(HARMLESS);
  });
});

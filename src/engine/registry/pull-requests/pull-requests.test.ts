import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../../identity/permission.ts';
import { listFiles } from '../list-files.ts';
import { createRef } from '../refs.ts';
import { createRepository, type Repository } from '../repositories.ts';
import { resolveRevision } from '../revisions.ts';
import { squash } from '../squash.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { listRequests, openRequest } from './find-request.ts';
import { merge } from './merge.ts';
import { mergeFiles } from './merge-files.ts';
import { propose } from './propose.ts';
import { comment, editComment, setStatus } from './talk.ts';

let registry: TestRegistry;
let ann: Principal;
let bob: Principal;
let reader: Principal;
let repository: Repository;

beforeAll(async () => {
  registry = await testRegistry({ registry: { protectedBranches: ['main'] } });
  ann = await registry.person('ann', 'contributor', 'acme');
  bob = await registry.person('bob', 'approver', 'acme');
  reader = await registry.person('rita', 'reader', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'proposed' });
  await registry.push(ann, repository, { 'a.txt': 'a', 'b.txt': 'b' });
});
afterAll(() => registry.close());

async function proposal(files: Readonly<Record<string, string>>, who = ann): Promise<number> {
  const { number } = await propose(registry.context, who, repository, {
    kind: 'pull-request',
    title: 'change',
    description: 'why',
    status: 'open',
  });
  await registry.push(who, repository, files, { ref: `refs/pr/${number}` });
  return number;
}

async function paths(name = 'main'): Promise<readonly string[]> {
  const { manifest } = await resolveRevision(registry.context, repository, name);
  return (await listFiles(registry.context, manifest)).map(({ path }) => path);
}

describe('a protected branch', () => {
  test('is not written, squashed or merged into by those who may not approve', async () => {
    await expect(registry.push(ann, repository, { 'c.txt': 'c' })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(squash(registry.context, ann, repository, 'refs/heads/main', 'x')).rejects.toMatchObject({ code: 'access.denied' });
    const number = await proposal({ 'c.txt': 'c' });
    await expect(merge(registry.context, ann, repository, number, '')).rejects.toMatchObject({ code: 'access.denied' });
    await merge(registry.context, bob, repository, number, 'fine');
    expect(await paths()).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });

  test('takes nothing from an author who approves their own change', async () => {
    const number = await proposal({ 'own.txt': 'own' }, bob);
    await expect(merge(registry.context, bob, repository, number, '')).rejects.toMatchObject({ code: 'access.denied' });
  });
});

describe('two people', () => {
  test('who pushed to the proposal of another cannot merge it alone', async () => {
    const number = await proposal({ 'theirs.txt': 'ann' });
    await registry.push(bob, repository, { 'slipped-in.txt': 'bob' }, { ref: `refs/pr/${number}` });
    await expect(merge(registry.context, bob, repository, number, '')).rejects.toMatchObject({ code: 'access.denied' });
    const eva = await registry.person('eva', 'approver', 'acme');
    await merge(registry.context, eva, repository, number, '');
    expect(await paths()).toEqual(expect.arrayContaining(['theirs.txt', 'slipped-in.txt']));
  });

  test('nobody commits alone where two are asked for, first and last included; a service is no second one', async () => {
    const strict = await testRegistry({ registry: { twoPeopleForMain: true } });
    const { context } = strict;
    const eva = await strict.person('eva', 'approver', 'acme');
    const tom = await strict.person('tom', 'approver', 'acme');
    const made = await createRepository(context, eva, { kind: 'model', namespace: 'acme', name: 'two' });
    const refused = { code: 'access.denied', message: expect.stringContaining('propose') };
    await expect(strict.push(eva, made, { 'a.txt': 'a' })).rejects.toMatchObject(refused);
    const wanted = { kind: 'pull-request', title: 'a', description: '', status: 'open' } as const;
    const { number } = await propose(context, eva, made, wanted);
    const change = await strict.push(eva, made, { 'a.txt': 'a' }, { ref: `refs/pr/${number}` });
    await expect(createRef(context, eva, made, 'refs/heads/main', change)).rejects.toMatchObject(refused);
    await expect(merge(context, eva, made, number, '')).rejects.toMatchObject({ code: 'access.denied' });
    await expect(merge(context, { ...tom, kind: 'service' }, made, number, '')).rejects.toMatchObject({ code: 'access.denied' });
    await merge(context, tom, made, number, '');
    await expect(strict.push(tom, made, { 'a.txt': 'b' })).rejects.toMatchObject(refused);
    await expect(squash(context, tom, made, 'refs/heads/main', 'x')).rejects.toMatchObject(refused);
    await strict.close();
  });
});

describe('merging', () => {
  test('takes over what was changed apart, once', async () => {
    const [one, two] = [await proposal({ 'one.txt': '1' }), await proposal({ 'two.txt': '2' })];
    await merge(registry.context, bob, repository, one, '');
    await merge(registry.context, bob, repository, two, '');
    expect(await paths()).toEqual(expect.arrayContaining(['one.txt', 'two.txt']));
    await expect(merge(registry.context, bob, repository, two, '')).rejects.toMatchObject({ code: 'registry.conflict' });
  });

  test('refuses what both sides changed, and names it', async () => {
    const number = await proposal({ 'a.txt': 'theirs' });
    await registry.push(bob, repository, { 'a.txt': 'ours' });
    await expect(merge(registry.context, bob, repository, number, '')).rejects.toMatchObject({
      code: 'registry.conflict',
      message: expect.stringContaining('a.txt'),
    });
  });

  test('file by file: nothing is lost and nothing appears that neither side had', () => {
    const side = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'), { noNullPrototype: true });
    const entries = (files: Readonly<Record<string, string>>) => Object.entries(files).map(([path, sha256]) => ({ path, sha256, size: 1 }));
    fc.assert(
      fc.property(side, side, side, (base, target, proposed) => {
        const { changes, conflicts } = mergeFiles(entries(base), entries(target), entries(proposed));
        const merged: Record<string, string> = { ...target };
        for (const one of changes) {
          if (one.change === 'put') merged[one.path] = one.sha256;
          else delete merged[one.path];
        }
        for (const path of ['a', 'b', 'c', 'd'].filter((one) => !conflicts.includes(one))) {
          const expected = proposed[path] === base[path] ? target[path] : proposed[path];
          expect(merged[path]).toBe(expected);
        }
      }),
    );
  });
});

describe('talking', () => {
  test('whoever reads may talk, and change only what they said', async () => {
    const { context } = registry;
    const { number } = await propose(context, reader, repository, { kind: 'discussion', title: 'why', description: '', status: 'open' });
    const said = await comment(context, reader, repository, number, 'hello');
    await expect(editComment(context, ann, repository, said.id, 'bye')).rejects.toMatchObject({ code: 'file.missing' });
    await setStatus(context, reader, repository, number, 'closed');
    const { request, events } = await openRequest(context, reader, repository, number);
    expect(request.status).toBe('closed');
    expect(events.map(({ kind }) => kind)).toEqual(['comment', 'comment', 'status-change']);
    const closed = await listRequests(context, reader, repository, { kind: 'discussion', status: 'closed', offset: 0, limit: 10 });
    expect(closed).toMatchObject({ total: 1, requests: [{ number }] });
  });

  test('a reader proposes no change, and closes nothing of others', async () => {
    const wanted = { kind: 'pull-request', title: 'x', description: '', status: 'open' } as const;
    await expect(propose(registry.context, reader, repository, wanted)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(setStatus(registry.context, reader, repository, 1, 'closed')).rejects.toMatchObject({ code: 'access.denied' });
  });
});

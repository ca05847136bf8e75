import {
  commit,
  countCommits,
  createBranch,
  createRepo,
  deleteBranch,
  deleteFiles,
  deleteRepo,
  downloadFile,
  fileDownloadInfo,
  fileExists,
  listCommits,
  listFiles,
  listModels,
  modelInfo,
  pathsInfo,
  repoExists,
  uploadFiles,
  whoAmI,
} from '@huggingface/hub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise, serve, type Served } from './served.ts';

let served: Served;
let hub: { readonly hubUrl: string; readonly accessToken: string };
const repo = { type: 'model', name: 'acme/javascript' } as const;
const large = noise(2_500_000);

beforeAll(async () => {
  served = await serve();
  // The client sends no other tokens than those that begin like this.
  hub = { hubUrl: served.endpoint, accessToken: `hf_${served.key}` };
  await createRepo({ ...hub, repo });
});
afterAll(() => served?.close());

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('the client is who its token says', async () => {
  expect(await whoAmI(hub)).toMatchObject({ type: 'user', name: 'admin' });
  expect(await repoExists({ ...hub, repo })).toBe(true);
  expect(await repoExists({ ...hub, repo: { type: 'model', name: 'acme/none' } })).toBe(false);
});

test('a new repository has an empty main branch: a file there is missing, another branch does not exist', async () => {
  const asked = (path: string) =>
    fetch(`${hub.hubUrl}/acme/javascript/resolve/${path}`, { headers: { Authorization: `Bearer ${hub.accessToken}` } });
  expect((await asked('main/README.md')).headers.get('x-error-code')).toBe('EntryNotFound');
  expect((await asked('other/README.md')).headers.get('x-error-code')).toBe('RevisionNotFound');
});

test.each([true, false])('files that are uploaded come back, Xet offered: %s', async (useXet) => {
  const content = useXet ? large : noise(1_200_000);
  const path = `weights/${useXet}.dat`;
  const files = [
    { path, content: new Blob([content]) },
    { path: `notes/${useXet} ä.txt`, content: new Blob(['hello']) },
  ];
  const made = await uploadFiles({ ...hub, repo, useXet, files });
  expect(made?.commit.oid).toMatch(/^[0-9a-f]{40}$/);
  const back = await downloadFile({ ...hub, repo, path });
  expect(Buffer.compare(Buffer.from((await back?.arrayBuffer()) ?? new ArrayBuffer(0)), content)).toBe(0);
});

test('parts of a file, and what is known of it', async () => {
  const info = await fileDownloadInfo({ ...hub, repo, path: 'weights/true.dat' });
  expect(info?.size).toBe(large.length);
  const part = await fetch(`${hub.hubUrl}/acme/javascript/resolve/main/weights/true.dat`, {
    headers: { Authorization: `Bearer ${hub.accessToken}`, Range: 'bytes=100-199' },
  });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(large.subarray(100, 200))).toBe(true);
});

test('listings', async () => {
  const files = await all(listFiles({ ...hub, repo, recursive: true, expand: true }));
  expect(files.map(({ path }) => path)).toContain('weights/true.dat');
  expect(files.find(({ path }) => path === 'weights/true.dat')).toMatchObject({
    lastCommit: { title: expect.any(String) },
    securityFileStatus: { status: 'safe' },
  });
  const infos = await pathsInfo({ ...hub, repo, paths: ['weights/true.dat', 'notes', 'none'] });
  expect(infos.map(({ path, type }) => [path, type])).toEqual([
    ['weights/true.dat', 'file'],
    ['notes', 'directory'],
  ]);
  expect((await all(listModels({ ...hub, search: { owner: 'acme' } }))).map(({ name }) => name)).toEqual(['acme/javascript']);
  expect(await modelInfo({ ...hub, name: repo.name, additionalFields: ['sha'] })).toMatchObject({ name: repo.name });
});

test('branches, proposed changes, history, conflicts', async () => {
  await createBranch({ ...hub, repo, branch: 'dev' });
  await uploadFiles({ ...hub, repo, branch: 'dev', files: [{ path: 'dev.txt', content: new Blob(['dev']) }] });
  expect(await fileExists({ ...hub, repo, path: 'dev.txt', revision: 'dev' })).toBe(true);
  expect(await fileExists({ ...hub, repo, path: 'dev.txt' })).toBe(false);
  const files = [{ path: 'proposed.txt', content: new Blob(['x']) }];
  const proposed = await uploadFiles({ ...hub, repo, isPullRequest: true, files });
  expect(proposed?.pullRequestUrl).toMatch(/\/discussions\/1$/);
  expect(await fileExists({ ...hub, repo, path: 'proposed.txt', revision: 'refs/pr/1' })).toBe(true);
  expect(await countCommits({ ...hub, repo })).toBe((await all(listCommits({ ...hub, repo }))).length);
  const operations = [{ operation: 'addOrUpdate', path: 'q.txt', content: new Blob(['q']) }] as const;
  const stale = commit({ ...hub, repo, title: 'stale', parentCommit: '0'.repeat(40), operations: [...operations] });
  await expect(stale).rejects.toMatchObject({ statusCode: 412 });
  await deleteFiles({ ...hub, repo, paths: ['notes/true ä.txt'] });
  expect(await fileExists({ ...hub, repo, path: 'notes/true ä.txt' })).toBe(false);
  await deleteBranch({ ...hub, repo, branch: 'dev' });
});

test('what a gate refuses says why', async () => {
  const evil = new Blob(["cos\nsystem\n(S'id'\ntR."]);
  await createBranch({ ...hub, repo, branch: 'evil' });
  await uploadFiles({ ...hub, repo, branch: 'evil', files: [{ path: 'model.pkl', content: evil }] });
  await expect(downloadFile({ ...hub, repo, revision: 'evil', path: 'model.pkl' })).rejects.toMatchObject({
    statusCode: 403,
    message: expect.stringContaining('os.system'),
  });
});

test('what is deleted is gone', async () => {
  await deleteRepo({ ...hub, repo });
  expect(await repoExists({ ...hub, repo })).toBe(false);
});

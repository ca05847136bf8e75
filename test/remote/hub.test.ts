import { afterEach, expect, test } from 'vitest';
import type { CordonError } from '../../src/core/errors.ts';
import type { Report } from '../../src/core/report.ts';
import { openRemotes } from '../../src/engine/remote/open-remotes.ts';
import { scan } from '../../src/engine/scan.ts';
import { stateDictPickle } from '../convert/state-dict-pickle.ts';
import { answer, content, type RangeServer, type Route, serve } from './range-server.ts';
import { sparseTorchZip } from './sparse-torch-zip.ts';

const MIB = 1024 * 1024;
const COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const servers: RangeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(routes: Readonly<Record<string, Route>>): Promise<RangeServer> {
  const server = await serve(routes);
  servers.push(server);
  return server;
}

/** The listing of a repository as the hub gives it. */
function listing(paths: readonly string[], sha: unknown = COMMIT): Route {
  return content(JSON.stringify({ sha, siblings: paths.map((rfilename) => ({ rfilename })) }));
}

async function scanHub(url: string, { origin }: RangeServer): Promise<Report> {
  const remotes = await openRemotes([url], { allowPrivate: true, endpoint: `${origin}/`, token: 'hf_secret', timeoutMs: 5000 });
  try {
    return await scan([], { remotes: remotes.files, cache: false, jobs: 1 });
  } finally {
    await remotes.close();
  }
}

const rules = (report: Report): string[] => report.findings.map((finding) => finding.rule).toSorted();
const paths = (report: Report): string[] => report.artifacts.map((artifact) => artifact.path);

test('a repository is scanned at the commit of its revision, and as a whole', async () => {
  const zip = sparseTorchZip(
    stateDictPickle({ w: { type: 'ByteStorage', elements: 64 * MIB, offset: 0, size: [64 * MIB], stride: [1] } }),
    [64 * MIB],
  );
  const cdn = await serving({ '/blob': () => zip });
  const at = `/org/name/resolve/${COMMIT}`;
  const server = await serving({
    '/api/models/org/name/revision/refs%2Fpr%2F1': listing(['config.json', 'sub folder/modeling#1.py', 'pytorch_model.bin', 'config.json']),
    [`${at}/config.json`]: content(JSON.stringify({ auto_map: { AutoModel: 'other/repo--modeling.Model' } })),
    [`${at}/sub%20folder/modeling%231.py`]: content('import os\n'),
    [`${at}/pytorch_model.bin`]: answer(302, { location: `${cdn.origin}/blob?X-Amz-Signature=hunter2` }),
  });
  const report = await scanHub('hf://org/name@refs%2Fpr%2F1', server);
  const folder = 'org/name@c0ffee012345';
  expect(paths(report)).toEqual([`${folder}/config.json`, `${folder}/pytorch_model.bin`, `${folder}/sub folder/modeling#1.py`]);
  expect(report.completeness).toBe('complete');
  expect(
    rules(report).some((rule) => rule.startsWith('remote-code.')),
    rules(report).join(),
  ).toBe(true);
  expect(JSON.stringify(report)).not.toMatch(/hunter2|hf_secret/);
  expect(server.seen.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true);
  expect(cdn.seen.some(({ authorization }) => authorization !== undefined)).toBe(false);
  expect(cdn.sent()).toBeLessThan(MIB / 2);
  // The redirect is followed once, not for every range.
  expect(server.seen.filter(({ path }) => path.endsWith('.bin'))).toHaveLength(1);
});

test.each([
  ['hf://datasets/org/name', '/api/datasets/org/name/revision/main', '/datasets/org/name/resolve', 'datasets/org/name'],
  ['hf://spaces/org/name@v1', '/api/spaces/org/name/revision/v1', '/spaces/org/name/resolve', 'spaces/org/name'],
  ['hf://models/org/name', '/api/models/org/name/revision/main', '/org/name/resolve', 'org/name'],
])('%s', async (url, api, resolve, name) => {
  const server = await serving({ [api]: listing(['a.json']), [`${resolve}/${COMMIT}/a.json`]: content('{}') });
  const report = await scanHub(url, server);
  expect(report).toMatchObject({ completeness: 'complete', artifacts: [{ path: `${name}@c0ffee012345/a.json` }] });
});

test('one file or one folder of a repository', async () => {
  const at = `/org/name/resolve/${COMMIT}`;
  const server = await serving({
    '/api/models/org/name/revision/main': listing(['a.json', 'sub/b.json', 'sub/c/d.json', 'submarine.json']),
    [`${at}/a.json`]: content('{}'),
    [`${at}/sub/b.json`]: content('{}'),
    [`${at}/sub/c/d.json`]: content('{}'),
  });
  const folder = 'org/name@c0ffee012345';
  expect(paths(await scanHub('hf://org/name/a.json', server))).toEqual([`${folder}/a.json`]);
  expect(paths(await scanHub('hf://org/name/sub/', server))).toEqual([`${folder}/sub/b.json`, `${folder}/sub/c/d.json`]);
  expect(await scanHub('hf://org/name/absent', server)).toMatchObject({
    completeness: 'not-scanned',
    artifacts: [{ path: 'org/name/absent' }],
  });
});

test('hostile paths in a listing are reported and never fetched', async () => {
  const hostile = ['../../admin', 'a/../b', '/etc/passwd', 'a//b', 'a\u001b[2Jb', 'a\\b', '\ud800', '', '.', 'x'.repeat(2000)];
  const server = await serving({ '/api/models/org/name/revision/main': listing(hostile) });
  const report = await scanHub('hf://org/name', server);
  expect(report.artifacts).toHaveLength(hostile.length);
  expect(report.artifacts.every(({ completeness }) => completeness === 'not-scanned')).toBe(true);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/models/org/name/revision/main']);
});

test('a repository of more than 100,000 files is cut, and the report says so', async () => {
  const many = Array.from({ length: 100_500 }, (_, i) => `f/${i}`);
  const server = await serving({ '/api/models/org/name/revision/main': listing(many) });
  const remotes = await openRemotes(['hf://org/name'], { allowPrivate: true, endpoint: server.origin });
  expect(remotes.files).toHaveLength(100_001);
  await expect(remotes.files.at(-1)?.open()).rejects.toThrow('500 more files were not fetched');
  await remotes.close();
});

test.each<[string, Route]>([
  ['no such repository', answer(404)],
  ['a closed one', answer(401)],
  ['no JSON', content('<html>')],
  ['JSON that is no object', content('null')],
  ['no commit', listing(['a'], '../../x')],
  ['no files', listing([])],
])('%s is a repository that was not scanned', async (_, route) => {
  const report = await scanHub('hf://org/name', await serving({ '/api/models/org/name/revision/main': route }));
  expect(report).toMatchObject({ completeness: 'not-scanned', artifacts: [{ path: 'org/name', completeness: 'not-scanned' }] });
  expect(rules(report)).toEqual(['engine.unreadable']);
});

test.each([
  'hf://',
  'hf://org',
  'hf://../..',
  'hf://org/..',
  'hf://org/name@%zz',
  'hf://org/name@..',
  'hf://datasets/name',
  'https://',
  'https://u:p@h/m',
])('%s is a usage error', async (url) => {
  await expect(openRemotes([url], { allowPrivate: true })).rejects.toThrow(
    expect.objectContaining({ code: 'usage.invalid' }) as CordonError,
  );
});

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Config } from '../../src/core/config.ts';
import type { Report } from '../../src/core/report.ts';
import { isPublicAddress } from '../../src/engine/remote/address.ts';
import { HttpClient } from '../../src/engine/remote/http-client.ts';
import { openRemotes, type RemoteOptions } from '../../src/engine/remote/open-remotes.ts';
import { scan } from '../../src/engine/scan.ts';
import { stateDictPickle } from '../convert/state-dict-pickle.ts';
import { bytes, op, pickle, runsId, text } from '../pickle-assembler.ts';
import { pretending } from './pretending.ts';
import { answer, content, type RangeServer, type Route, serve } from './range-server.ts';
import { sparseTorchZip } from './sparse-torch-zip.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const MIB = 1024 * 1024;
const servers: RangeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(routes: Readonly<Record<string, Route>>): Promise<RangeServer> {
  const server = await serve(routes);
  servers.push(server);
  return server;
}

async function scanUrls(urls: readonly string[], options: Partial<RemoteOptions> = {}): Promise<Report> {
  const remotes = await openRemotes(urls, { allowPrivate: true, timeoutMs: 2000, ...options });
  try {
    return await scan([], { remotes: remotes.files, cache: false, jobs: 1 });
  } finally {
    await remotes.close();
  }
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

const rules = (report: Report): string[] => report.findings.map((finding) => finding.rule);
/** What the report says of a URL that could not be read. */
const reasons = (report: Report): string => {
  expect(report).toMatchObject({ completeness: 'not-scanned', artifacts: [{ completeness: 'not-scanned', sha256: null }] });
  expect(rules(report)).toEqual(['engine.unreadable']);
  return report.artifacts.flatMap((artifact) => artifact.reasons).join('\n');
};

const benign = stateDictPickle({ w: { type: 'ByteStorage', elements: 64 * MIB, offset: 0, size: [64 * MIB], stride: [1] } });
const evil = pickle(op.emptyDict, text('w'), runsId, op.setItem);

test.each([
  ['clean', benign, 0, []],
  ['malicious', evil, 1, ['pickle.dangerous-call']],
])('of a %s torch zip of 192 MiB only the structure is fetched', async (_, pickled, code, found) => {
  const zip = sparseTorchZip(pickled, [64 * MIB, 64 * MIB, 64 * MIB]);
  const server = await serving({ '/model.pt': () => zip });
  const { out, ...result } = await run(['scan', `${server.origin}/model.pt`, '--allow-private-network', '--format', 'json']);
  const report = JSON.parse(out) as Report;
  expect({ code: result.code, rules: rules(report) }, result.err).toEqual({ code, rules: found });
  expect(report.artifacts).toMatchObject([{ path: `${new URL(server.origin).host}/model.pt`, size: zip.size, completeness: 'complete' }]);
  expect(server.sent(), JSON.stringify(server.seen.map((request) => request.range))).toBeLessThan(0.6 * MIB);
  expect(server.seen.length).toBeLessThan(30);
});

test('a large pickle is skipped through, and its tail is read', async () => {
  const long = bytes('\x80\x04B', Uint8Array.of(0, 0, 0, 8));
  const tail = bytes('0', runsId, '.');
  const size = long.length + 0x800_0000 + tail.length;
  const read = (start: number, end: number): Uint8Array => {
    const part = Buffer.alloc(end - start);
    for (const [base, piece] of [
      [0, long],
      [size - tail.length, tail],
    ] as const)
      for (const [i, byte] of piece.entries()) if (base + i >= start && base + i < end) part[base + i - start] = byte;
    return part;
  };
  const server = await serving({ '/model.pkl': () => ({ size, read }) });
  const report = await scanUrls([`${server.origin}/model.pkl`]);
  expect(rules(report)).toContain('pickle.dangerous-call');
  expect(server.sent()).toBeLessThan(2 * MIB);
});

test('a URL that cannot be read is in the report, the others are scanned, and the exit code is 2', async () => {
  const server = await serving({ '/good.json': content('{}') });
  const urls = [`${server.origin}/absent.pt`, 'http://127.0.0.1:1/closed.pt', `${server.origin}/good.json`];
  const { code, out } = await run(['scan', ...urls, '--allow-private-network', '--format', 'json']);
  const report = JSON.parse(out) as Report;
  expect(report.artifacts.map(({ completeness }) => completeness).toSorted()).toEqual(['complete', 'not-scanned', 'not-scanned']);
  expect(rules(report)).toEqual(['engine.unreadable', 'engine.unreadable']);
  expect(code).toBe(2);
});

test('hf:// asks the hub that HF_ENDPOINT names', async () => {
  const commit = 'a'.repeat(40);
  const server = await serving({
    '/api/models/org/name/revision/main': content(JSON.stringify({ sha: commit, siblings: [{ rfilename: 'config.json' }] })),
    [`/org/name/resolve/${commit}/config.json`]: content('{}'),
  });
  const env = { HF_ENDPOINT: server.origin, HF_TOKEN: 'hf_secret' };
  const { code, out, err } = await run(['scan', 'hf://org/name', '--allow-private-network', '--all'], env);
  expect(code, err).toBe(0);
  expect(out + err).not.toContain('hf_secret');
  expect(server.seen.map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
  expect(await run(['scan', 'hf://org'], env)).toMatchObject({ code: 3 });
});

test('without the flag nothing private is reached, and no secret is printed', async () => {
  const server = await serving({ '/model.pt': content(benign) });
  const { code, out, err } = await run(['scan', `${server.origin}/model.pt?token=hunter2`, '--all']);
  expect(code).toBe(2);
  expect(out + err).toContain('no public address');
  expect(out + err).not.toContain('hunter2');
  expect(server.seen).toEqual([]);
});

test.each([
  'https://2130706433/m',
  'https://0177.0.0.1/m',
  'https://0x7f.1/m',
  'https://127.0.0.1./m',
  'https://[::1]/m',
  'https://[::ffff:127.0.0.1]/m',
  'https://[::ffff:8.8.8.8]/m',
  'https://[64:ff9b::7f00:1]/m',
  'https://[2002:7f00:1::]/m',
  'https://[fd00::1]/m',
  'https://[fe80::1]/m',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/m',
  'https://localhost./m',
  'http://example.com/m',
])('%s is refused', async (url) => {
  expect(reasons(await scanUrls([url], { allowPrivate: false }))).toMatch(
    /public address|http without encryption|host name does not exist/,
  );
});

test('public addresses are', () => {
  expect(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '172.32.0.1'].every(isPublicAddress)).toBe(true);
  const others = [
    '0.0.0.0',
    '100.64.0.1',
    '172.31.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1%eth0',
    '4000::1',
    '::7f00:1',
    'x',
  ];
  expect(others.filter(isPublicAddress)).toEqual([]);
});

test.each(['http://169.254.169.254/', 'https://10.0.0.1/', 'https://[::1]/', 'http://example.org/', 'file:///etc/passwd', 'https://%zz'])(
  'a redirect of a public server to %s is not followed',
  async (location) => {
    const server = await serving({ '/m': answer(302, { location }) });
    const { dispatcher, hosts } = pretending(server);
    const client = new HttpClient({ allowPrivate: false, dispatcher });
    await expect(client.get('https://example.com/m', {}, 10)).rejects.toMatchObject({ code: 'network.refused' });
    expect(hosts).toEqual(['example.com']);
    await client.close();
  },
);

test.each<[string, Route, RegExp]>([
  ['a server error', answer(404), /answered 404/],
  ['a closed repository', answer(403), /answered 403; the repository may need a token/],
  ['a large file without ranges', answer(200, {}, Buffer.alloc(17 * MIB)), /serves no ranges/],
  ['416', answer(416, { 'content-range': 'bytes */5' }), /does not have the bytes/],
  ['another range', answer(206, { 'content-range': 'bytes 5-9/100' }, 'hello'), /another range/],
  ['an impossible size', answer(206, { 'content-range': 'bytes 0-4/9007199254740993' }, 'hello'), /impossible size/],
  ['a range without a size', answer(206, { 'content-range': 'bytes 0-4/*' }, 'hello'), /another range/],
  ['a truncated answer', truncated, /./],
  ['an endless redirect', (request, response) => answer(302, { location: `${request.url}x` })(request, response), /answered 404/],
  ['a redirect to itself', answer(302, { location: '?' }), /redirects/],
  ['a body without end', endless, /serves no ranges|no whole answer/],
  ['a server that never answers', () => undefined, /no whole answer within 2000 ms|Headers Timeout/],
  ['a body in drops', dripping, /no whole answer within 2000 ms/],
  ['a compressing server', answer(206, { 'content-range': 'bytes 0-4/5', 'content-encoding': 'gzip' }, 'hello'), /compresses/],
  ['too long a wait', answer(429, { 'retry-after': '3600' }), /answered 429/],
])('%s is reported', async (_, route, reason) => {
  const server = await serving({ '/m': route });
  expect(reasons(await scanUrls([`${server.origin}/m`]))).toMatch(reason);
});

test('a token is sent to the first origin only', async () => {
  const server = await serving({
    '/m': answer(302, { location: 'https://cdn.example.org/blob?signature=hunter2' }),
    '/blob': content('0123456789'),
  });
  const { dispatcher, hosts } = pretending(server);
  const client = new HttpClient({ allowPrivate: false, dispatcher, token: 'hf_secret' });
  const get = (range: string) => client.get('https://example.com/m', { range }, 10);
  expect(Buffer.from((await get('bytes=0-3')).body).toString()).toBe('0123');
  expect(Buffer.from((await get('bytes=4-5')).body).toString()).toBe('45');
  expect(server.seen).toEqual([
    { path: '/m', range: 'bytes=0-3', authorization: 'Bearer hf_secret' },
    { path: '/blob?signature=hunter2', range: 'bytes=0-3', authorization: undefined },
    { path: '/blob?signature=hunter2', range: 'bytes=4-5', authorization: undefined },
  ]);
  expect([...new Set(hosts)]).toEqual(['example.com', 'cdn.example.org']);
  await client.close();
});

test('a signed address that has run out is asked for again', async () => {
  let signature = 0;
  const served = content('0123456789');
  const server = await serving({
    '/m': (request, response) => answer(302, { location: `https://cdn.example.org/blob?s=${++signature}` })(request, response),
    '/blob': (request, response) =>
      (request.url?.endsWith('s=1') === true && signature === 1 && server.seen.length > 2 ? answer(403) : served)(request, response),
  });
  const { dispatcher } = pretending(server);
  const client = new HttpClient({ allowPrivate: false, dispatcher });
  expect((await client.get('https://example.com/m', { range: 'bytes=0-3' }, 10)).status).toBe(206);
  expect(Buffer.from((await client.get('https://example.com/m', { range: 'bytes=4-5' }, 10)).body).toString()).toBe('45');
  expect(signature).toBe(2);
  await client.close();
});

test.each([429, 503])('%i is asked again', async (status) => {
  let asked = 0;
  const good = content('{}');
  const server = await serving({
    '/m.json': (request, response) => (++asked < 2 ? answer(status, { 'retry-after': '1' })(request, response) : good(request, response)),
  });
  expect((await scanUrls([`${server.origin}/m.json`])).completeness).toBe('complete');
  expect(asked).toBe(2);
});

test('small files of servers without ranges, and empty files, are scanned', async () => {
  const server = await serving({ '/a.pkl': answer(200, {}, evil), '/empty': content('') });
  const report = await scanUrls([`${server.origin}/a.pkl`, `${server.origin}/empty`]);
  expect(report.artifacts.map(({ size }) => size)).toEqual([evil.length, 0]);
  expect(rules(report)).toContain('pickle.dangerous-call');
});

test.each([
  ['etag', { etag: '"1"' }, { etag: '"2"' }],
  ['weak etag', { etag: 'W/"1"' }, { etag: 'W/"2"' }],
  ['date', { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }, { 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT' }],
])('content that changes while it is read is not believed (%s)', async (_, before, after) => {
  const zip = sparseTorchZip(benign, [64 * MIB]);
  let asked = 0;
  const server = await serving({
    '/m.pt': (_request, response) => {
      for (const [name, value] of Object.entries(++asked < 2 ? before : after)) response.setHeader(name, value);
      return zip;
    },
  });
  const report = await scanUrls([`${server.origin}/m.pt`]);
  expect(report.completeness).not.toBe('complete');
  expect(rules(report)).toContain('engine.unreadable');
  expect(JSON.stringify(report)).toContain('the content changed while it was read');
});

test('a server that falls silent in the middle cannot hold the scan longer than its limit', async () => {
  const zip = sparseTorchZip(benign, [64 * MIB]);
  let asked = 0;
  const server = await serving({ '/m.pt': () => (++asked > 1 ? undefined : zip), '/evil.pkl': content(evil) });
  const remotes = await openRemotes([`${server.origin}/m.pt`, `${server.origin}/evil.pkl`], { allowPrivate: true });
  const config = Config.parse({ limits: { timeMs: 1500 } });
  const report = await scan([], { remotes: remotes.files, cache: false, jobs: 1, config });
  await remotes.close();
  expect(report.completeness).not.toBe('complete');
  expect(rules(report).toSorted()).toEqual(['engine.timeout', 'pickle.dangerous-call']);
});

function truncated(_: unknown, response: Parameters<Route>[1]): undefined {
  response.writeHead(206, { 'content-range': 'bytes 0-99/100', 'content-length': 100 });
  response.write('short');
  setTimeout(() => response.destroy(), 20);
}

function endless(_: unknown, response: Parameters<Route>[1]): undefined {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(MIB)));
  };
  response.on('drain', more);
  more();
}

function dripping(_: unknown, response: Parameters<Route>[1]): undefined {
  response.writeHead(206, { 'content-range': 'bytes 0-99/100', 'content-length': 100 });
  const timer = setInterval(() => response.write('x'), 200);
  response.on('close', () => clearInterval(timer));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, somebody } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

const WORKERS = 2;
/** Why: a connection that was on its way to a worker that is killed may stay without an answer. */
const PATIENCE_MS = 5_000;
let folder: string;
let models: ModelServer;
let child: ChildProcess;
let said = '';
let url: string;
let key: string;
/** Milliseconds that the model takes. */
let slow = 0;

const file = (model: string, actions = 'read'): string => `
server: { port: 0 }
access: { roles: { tester: [${actions}] } }
gateway:
  upstreams: [{ id: local, kind: openai-compatible, url: '${models.origin}/v1' }]
  models:
    ${model}: { targets: [{ upstream: local }] }
    limited: { targets: [{ upstream: local }] }
  limits:
    rules: [{ id: few, match: { models: [limited] }, requests: { count: 10, per: minute } }]
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-workers-'));
  models = await modelServer(async (_, response) => {
    await new Promise((settled) => setTimeout(settled, slow));
    json(response, chatAnswer('Hello.'));
  });
  await writeFile(join(folder, 'cordon.yaml'), file('first'));
  child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli.js'), 'serve', '--workers', `${WORKERS}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
});
afterAll(async () => {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await new Promise((settled) => child.once('close', settled));
  }
  await models.close();
  await rm(folder, { recursive: true, force: true });
});

const says = (text: RegExp) => expect.poll(() => said, { timeout: 30_000 }).toMatch(text);

/** Process ids of the workers, in the order in which they began to answer. */
function pids(): readonly number[] {
  return [...said.matchAll(/^\{.*"process":(\d+),"msg":"a worker answers"\}$/gm)].map(([, pid]) => Number(pid));
}

/** The status of a request on a connection of its own, so that any worker may get it; 0 where nobody answered. */
async function ask(model: string, by = key): Promise<number> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
  const headers = { authorization: `Bearer ${by}`, connection: 'close' };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal }).then(
    ({ status }) => status,
    () => 0,
  );
}

function askMany(count: number, model: string, by = key): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: count }, () => ask(model, by)));
}

async function counted(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  return Number(/^cordon_gateway_audit_accepted_total (\d+)$/m.exec(text)?.[1]);
}

test('workers answer on one port, and metrics are those of all', async () => {
  await says(/2 workers answer/);
  url = /listens on (http:\S+)/.exec(said)![1]!;
  key = /^ {2}(cordon_\S+)$/m.exec(said)![1]!;
  expect(said.match(/Key of the administrator/g)).toHaveLength(1);
  expect(new Set(pids()).size).toBe(WORKERS);
  expect(new Set(await askMany(20, 'first'))).toEqual(new Set([200]));
  expect([await counted(), await counted(), await counted()]).toEqual([20, 20, 20]);
});

test('a limit is that of all workers together', async () => {
  const answers = await askMany(30, 'limited');
  const good = answers.filter((status) => status === 200).length;
  expect(good).toBeGreaterThan(0);
  expect(good).toBeLessThanOrEqual(10);
  expect(answers.filter((status) => status === 429)).toHaveLength(30 - good);
});

test('a changed configuration counts in every worker, for who was known in it before as well', async () => {
  const admin = somebody(url, key);
  must(await admin.api('POST', '/principals', { name: 'ann', kind: 'user' }));
  must(await admin.api('POST', '/roles', { holder: 'ann', role: 'tester', on: '*' }));
  const { secret } = must(await admin.api('POST', '/keys', { name: 'test', principal: 'ann' })).body as { secret: string };
  expect(new Set(await askMany(8, 'first', secret))).toEqual(new Set([403]));
  await writeFile(join(folder, 'cordon.yaml'), file('second', 'read, invoke'));
  child.kill('SIGHUP');
  await expect.poll(async () => new Set(await askMany(8, 'second')), { timeout: 15_000 }).toEqual(new Set([200]));
  expect(new Set(await askMany(8, 'first'))).toEqual(new Set([404]));
  expect(new Set(await askMany(16, 'second', secret))).toEqual(new Set([200]));
  await writeFile(join(folder, 'cordon.yaml'), file('second'));
  await expect.poll(async () => new Set(await askMany(8, 'second', secret)), { timeout: 15_000 }).toEqual(new Set([403]));
  const { body } = await admin.api('GET', '/ledger/entries?limit=1000');
  const told = (body as { kind: string; body: { changed: string[] } }[]).filter(({ kind }) => kind === 'access.reconfigured');
  expect(told.map(({ body: { changed } }) => changed)).toEqual([['roles.tester'], ['roles.tester']]);
});

test('a worker that is killed is replaced, and the others go on', async () => {
  for (const victim of pids().slice(0, WORKERS)) {
    const before = pids().length;
    process.kill(victim, 'SIGKILL');
    const got = await askMany(10, 'second');
    expect(got.filter((status) => status === 200).length).toBeGreaterThan(0);
    await expect.poll(() => pids().length, { timeout: 30_000 }).toBe(before + 1);
  }
  expect(new Set(await askMany(10, 'second'))).toEqual(new Set([200]));
  expect(said).toMatch(/a worker ended and is replaced/);
});

test('told to stop, requests under way end well', async () => {
  slow = 1_000;
  const under = askMany(6, 'second');
  await expect.poll(() => models.got.length).toBeGreaterThanOrEqual(6);
  await new Promise((settled) => setTimeout(settled, 300));
  const closed = new Promise((settled) => child.once('close', settled));
  child.kill('SIGTERM');
  expect(await under).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await closed).toBe(0);
});

test('one that cannot start says why once, and the code is its own', async () => {
  const { port } = new URL(models.origin);
  const data = join(folder, 'other');
  const other = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../dist/cli.js'), 'serve', '--workers', '2', '--port', port, '--data', data],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let told = '';
  other.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  expect(await new Promise((settled) => other.once('close', settled))).toBe(3);
  expect(told.match(/somebody else listens there/g)).toHaveLength(1);
});

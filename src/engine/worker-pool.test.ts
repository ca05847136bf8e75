import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { Limits } from '../core/budget.ts';
import type { FileJob, JobResult } from './jobs.ts';
import { WorkerPool } from './worker-pool.ts';

/** A worker whose jobs do what their path says. */
const WORKER = `
import { parentPort, threadId } from 'node:worker_threads';
const hold = [];
parentPort.on('message', ({ id, path }) => {
  const answer = () => parentPort.postMessage({ kind: 'file', id, sha256: String(threadId), size: 0, inspection: undefined });
  if (path === 'loop') for (;;);
  if (path === 'grow') for (;;) hold.push(new Array(1000).fill({}).map((_, index) => ({ index })));
  if (path === 'throw') throw new Error('broken');
  if (path === 'exit') process.exit(1);
  if (path === 'uncloneable') return parentPort.postMessage({ id, value: () => {} });
  answer();
});
`;

const folder = mkdtempSync(join(tmpdir(), 'cordon-pool-'));
const entry = join(folder, 'worker.mjs');
writeFileSync(entry, WORKER);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pool: WorkerPool;
afterEach(() => pool.close());

const limits = Limits.parse({ timeMs: 1_500, heapMb: 32 });
const job = (path: string, id: number): FileJob => ({
  kind: 'file',
  id,
  path,
  content: { kind: 'local', absolute: path },
  limits,
  hash: false,
  cache: undefined,
});
const outcome = (result: JobResult): string => (result.kind === 'failed' ? `${result.cause}: ${result.message}` : 'done');

async function run(size: number, paths: readonly string[]): Promise<string[]> {
  pool = new WorkerPool(size, { entry: pathToFileURL(entry) });
  const results = await Promise.all(paths.map((path, id) => pool.run(job(path, id), 0)));
  expect(results.map(({ id }) => id)).toEqual(paths.map((_path, id) => id));
  return results.map(outcome);
}

test.each([
  ['loop', 'timeout: took longer than 1500 ms'],
  ['grow', 'memory: needed more than 32 MB of heap'],
  ['throw', 'crash: broken'],
  ['exit', 'crash: the worker ended'],
])('a job that does "%s" fails alone; the others go on', async (bad, expected) => {
  for (const size of [1, 3]) {
    const paths = ['a', 'b', bad, 'c', 'd', 'e', 'f', 'g'];
    expect(await run(size, paths)).toEqual(paths.map((path) => (path === bad ? expected : 'done')));
  }
});

test('an answer that cannot be sent is a failure of its job', async () => {
  expect(await run(1, ['a', 'uncloneable', 'b'])).toEqual(['done', expect.stringContaining('crash: '), 'done']);
});

test('every job fails when every job is bad, and the pool ends', async () => {
  expect(
    await run(
      2,
      Array.from({ length: 9 }, () => 'throw'),
    ),
  ).toEqual(Array.from({ length: 9 }, () => 'crash: broken'));
});

test('a worker that cannot start fails every job instead of hanging', async () => {
  pool = new WorkerPool(2, { entry: pathToFileURL(join(folder, 'missing.mjs')) });
  const results = await Promise.all([0, 1, 2].map((id) => pool.run(job('a', id), 0)));
  expect(results.map((result) => result.kind)).toEqual(['failed', 'failed', 'failed']);
});

test('no more workers than asked for, and no more than there are jobs', async () => {
  pool = new WorkerPool(2, { entry: pathToFileURL(entry) });
  const threads = await Promise.all(Array.from({ length: 50 }, (_unused, id) => pool.run(job('a', id), 0)));
  expect(new Set(threads.map((result) => (result.kind === 'file' ? result.sha256 : ''))).size).toBeLessThanOrEqual(2);
});

test('a worker without work ends, and another one starts when there is some', async () => {
  pool = new WorkerPool(1, { entry: pathToFileURL(entry), idleMs: 20 });
  const thread = async (): Promise<string> => {
    const result = await pool.run(job('a', 1), 0);
    return result.kind === 'file' ? result.sha256! : outcome(result);
  };
  const ports = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = ports();
  const first = await thread();
  expect(ports()).toBeGreaterThan(before);
  await vi.waitFor(() => expect(ports()).toBe(before), 5_000);
  expect(Number(await thread())).toBeGreaterThan(Number(first));
});

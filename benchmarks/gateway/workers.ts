import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { frugalSettings } from '../../src/server/workers/frugal-process.ts';
import { row } from '../measure.ts';
import { cpuS, type Measured, start } from './processes.ts';
import { memoryOf } from './soak/samples.ts';
import { messages } from './texts.ts';

/**
 * Requests through 1, 2, ... worker processes, and what they cost, with every guard on and texts that are new.
 *
 *     npm run build && npx tsx benchmarks/gateway/workers.ts [--workers 1,2,2x1,4,4x1] [--seconds 30] [--connections 4]
 *
 * Clients and the model server run on the same cores, so that the rate says little unless there are cores to spare: then it shall grow
 * with the workers. The CPU time of a request grows wherever more processes share a core and its caches, whatever they are; so `4x1` is
 * what `4` is compared with: as many servers of one process, which have nothing in common, asked at the same time.
 */
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,2x1,4,4x1' },
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '6' },
    warm: { type: 'string', default: '1000' },
  },
});
const root = join(import.meta.dirname, '../..');
const PORT = 18_022;
const model = `http://127.0.0.1:${PORT}`;
const connections = Number(values.connections);
const rounds = Number(values.rounds);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A server with so many workers. */
interface Server {
  readonly workers: number;
  readonly origin: string;
  readonly key: string;
  readonly folder: string;
  readonly process: Measured;
}

/** What is asked as one, and what was measured of it. */
interface Group {
  readonly name: string;
  readonly servers: readonly Server[];
  readonly latencies: number[];
  readonly rounds: { readonly perSecond: number; readonly cores: number; readonly cpuUs: number; readonly primaryUs: number }[];
  failed: number;
}

async function open(workers: number, port: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-workers-bench-'));
  writeFileSync(
    join(folder, 'cordon.yaml'),
    `server: { port: ${port} }\ngateway:\n  upstreams: [{ id: model, kind: openai-compatible, url: '${model}/v1' }]\n`,
  );
  let said = '';
  const options = workers > 1 ? [] : frugalSettings({ execArgv: [], env: {} }).execArgv;
  const measured = await start(
    [process.execPath, ...options, join(root, 'dist/cli.js'), 'serve', '--workers', String(workers)],
    { cwd: folder, env: { MALLOC_ARENA_MAX: '2', ...process.env, CORDON_LOG_LEVEL: 'error' } },
    (text) => (said = text).includes(workers > 1 ? `${workers} workers answer` : 'OPENAI_BASE_URL'),
  );
  const key = /^ {2}(cordon_\S+)$/m.exec(said)?.[1] ?? '';
  return { workers, origin: `http://127.0.0.1:${port}`, key, folder, process: measured };
}

let next = 0;

/** Asks over so many connections for each worker, each with the next request when the last one is answered, while `goesOn`. */
async function load({ servers, ...group }: Group, goesOn: (done: number) => boolean): Promise<{ done: number; failed: number }> {
  let [done, failed] = [0, 0];
  async function ask(pool: Pool, key: string): Promise<void> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    while (goesOn(done)) {
      const index = next++;
      const body = JSON.stringify({ model: 'm', stream: index % 2 === 0, messages: messages(index) });
      const began = performance.now();
      const answer = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body });
      await answer.body.dump({ limit: 1_000_000 });
      group.latencies.push(performance.now() - began);
      if (answer.statusCode !== 200) failed++;
      done++;
    }
  }
  await Promise.all(
    servers.map(async ({ origin, key, workers }) => {
      const pool = new Pool(origin, { connections: connections * workers, pipelining: 1 });
      await Promise.all(Array.from({ length: connections * workers }, () => ask(pool, key)));
      await pool.close();
    }),
  );
  return { done, failed };
}

const cpuOf = ({ servers }: Group): number => servers.reduce((sum, server) => sum + server.process.cpuS(), 0);
/** Of the process that only starts workers and hands them connections. */
const primaryOf = ({ servers }: Group): number =>
  servers.reduce((sum, { workers, process: { child } }) => sum + (workers > 1 ? cpuS(child.pid!) : 0), 0);

async function round(group: Group): Promise<void> {
  const [before, primary] = [cpuOf(group), primaryOf(group)];
  const began = performance.now();
  const end = began + (Number(values.seconds) * 1_000) / rounds;
  const { done, failed } = await load(group, () => performance.now() < end);
  const seconds = (performance.now() - began) / 1_000;
  const cpu = cpuOf(group) - before;
  const primaryUs = ((primaryOf(group) - primary) / done) * 1e6;
  group.rounds.push({ perSecond: done / seconds, cores: cpu / seconds, cpuUs: (cpu / done) * 1e6, primaryUs });
  group.failed += failed;
}

function print({ name, servers: of, latencies, rounds: all, failed }: Group): void {
  const median = (one: (round: (typeof all)[number]) => number): number => all.map(one).toSorted((a, b) => a - b)[all.length >> 1]!;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1);
  // Why not the first where there are several: it only starts the others.
  const each = of.flatMap(({ workers, process: { pids } }) =>
    pids()
      .slice(workers > 1 ? 1 : 0)
      .map((pid) => memoryOf([pid])),
  );
  const most = (kind: 'rss' | 'pss'): string => Math.max(...each.map((one) => one[kind])).toFixed(0);
  const numbers = [median((one) => one.perSecond).toFixed(0), median((one) => one.cores).toFixed(2), median((one) => one.cpuUs).toFixed(0)];
  const best = Math.min(...all.map((one) => one.cpuUs)).toFixed(0);
  const primary = (all.reduce((sum, one) => sum + one.primaryUs, 0) / all.length).toFixed(0);
  const memory = [`${most('rss')} (${most('pss')})`, memoryOf(of.flatMap((one) => one.process.pids())).pss.toFixed(0)];
  say(row(name, ...numbers, best, primary, at(0.5), at(0.99), ...memory, String(failed)));
}

const modelServer = await start(
  [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'model.ts'), String(PORT)],
  { cwd: root },
  () =>
    fetch(model).then(
      () => true,
      () => false,
    ),
);
const groups: Group[] = [];
const servers: Server[] = [];
try {
  for (const name of values.workers.split(',')) {
    const [first, second] = name.split('x').map(Number) as [number, number?];
    const [count, workers] = second === undefined ? [1, first] : [first, second];
    for (let index = 0; index < count; index++) servers.push(await open(workers, PORT + 1 + servers.length));
    groups.push({ name, servers: servers.slice(-count), latencies: [], rounds: [], failed: 0 });
  }
  for (const group of groups) {
    const workers = group.servers.reduce((sum, one) => sum + one.workers, 0);
    await load(group, (done) => done < Number(values.warm) * workers);
    group.latencies.length = 0;
  }
  // Why in turn: what else the machine does falls on all of them.
  for (let index = 0; index < rounds; index++) for (const group of groups) await round(group);
  say(`${availableParallelism()} cores, ${connections} connections for each worker, ${rounds} rounds in turn, medians`);
  say(
    row(
      'workers',
      'requests/s',
      'cores used',
      'CPU µs per request',
      'best',
      'of it the first process',
      'p50 ms',
      'p99 ms',
      'largest worker MiB (PSS)',
      'PSS of all',
      'failed',
    ),
  );
  say(row(...Array.from({ length: 11 }, () => '---')));
  for (const group of groups) print(group);
} finally {
  for (const { process: measured, folder } of servers) {
    await measured.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  await modelServer.stop();
}

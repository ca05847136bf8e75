import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { row } from '../measure.ts';
import { type Measured, start } from './processes.ts';
import { memoryOf } from './soak/samples.ts';
import { messages } from './texts.ts';

/**
 * Requests through 1, 2, ... worker processes, and what they cost, with every guard on and texts that are new.
 *
 *     npm run build && npx tsx benchmarks/gateway/workers.ts [--workers 1,2,4] [--seconds 30] [--connections 16]
 *
 * Clients and the model server run on the same cores, so that the rate says little unless there are cores to spare: then it shall grow
 * with the workers. The CPU time of a request says everywhere whether workers get in each other's way: it must not grow with their number.
 */
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,4' },
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '16' },
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

/** A server with so many workers, and what was measured of it. */
interface Server {
  readonly workers: number;
  readonly origin: string;
  readonly key: string;
  readonly folder: string;
  readonly process: Measured;
  readonly latencies: number[];
  readonly rounds: { readonly perSecond: number; readonly cores: number; readonly cpuUs: number }[];
  failed: number;
}

async function open(workers: number, port: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-workers-bench-'));
  writeFileSync(
    join(folder, 'cordon.yaml'),
    `server: { port: ${port} }\ngateway:\n  upstreams: [{ id: model, kind: openai-compatible, url: '${model}/v1' }]\n`,
  );
  let said = '';
  const measured = await start(
    [process.execPath, join(root, 'dist/cli.js'), 'serve', '--workers', String(workers)],
    { cwd: folder, env: { ...process.env, CORDON_LOG_LEVEL: 'error' } },
    (text) => (said = text).includes(workers > 1 ? `${workers} workers answer` : 'OPENAI_BASE_URL'),
  );
  const key = /^ {2}(cordon_\S+)$/m.exec(said)?.[1] ?? '';
  return { workers, origin: `http://127.0.0.1:${port}`, key, folder, process: measured, latencies: [], rounds: [], failed: 0 };
}

let next = 0;

/** Asks over so many connections, each with the next request when the last one is answered, while `goesOn`. Returns how many were answered. */
async function load(server: Server, goesOn: (done: number) => boolean): Promise<number> {
  const pool = new Pool(server.origin, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (goesOn(done)) {
        const index = next++;
        const body = JSON.stringify({ model: 'm', stream: index % 2 === 0, messages: messages(index) });
        const began = performance.now();
        const answer = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body });
        await answer.body.dump({ limit: 1_000_000 });
        server.latencies.push(performance.now() - began);
        if (answer.statusCode !== 200) server.failed++;
        done++;
      }
    }),
  );
  await pool.close();
  return done;
}

async function round(server: Server): Promise<void> {
  const before = server.process.cpuS();
  const began = performance.now();
  const end = began + (Number(values.seconds) * 1_000) / rounds;
  const done = await load(server, () => performance.now() < end);
  const seconds = (performance.now() - began) / 1_000;
  const cpu = server.process.cpuS() - before;
  server.rounds.push({ perSecond: done / seconds, cores: cpu / seconds, cpuUs: (cpu / done) * 1e6 });
}

function print({ workers, process: measured, latencies, rounds: all, failed }: Server): void {
  const median = (of: (one: (typeof all)[number]) => number): number => all.map(of).toSorted((a, b) => a - b)[all.length >> 1]!;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1);
  // Why not the first where there are several: it only starts the others.
  const each = measured
    .pids()
    .slice(workers > 1 ? 1 : 0)
    .map((pid) => memoryOf([pid]));
  const most = (name: 'rss' | 'pss'): string => Math.max(...each.map((one) => one[name])).toFixed(0);
  const numbers = [median((one) => one.perSecond).toFixed(0), median((one) => one.cores).toFixed(2), median((one) => one.cpuUs).toFixed(0)];
  const best = Math.min(...all.map((one) => one.cpuUs)).toFixed(0);
  const memory = [`${most('rss')} (${most('pss')})`, memoryOf(measured.pids()).pss.toFixed(0)];
  say(row(String(workers), ...numbers, best, at(0.5), at(0.99), ...memory, String(failed)));
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
const servers: Server[] = [];
try {
  for (const [index, workers] of values.workers.split(',').entries()) servers.push(await open(Number(workers), PORT + 1 + index));
  for (const server of servers) {
    await load(server, (done) => done < Number(values.warm) * server.workers);
    server.latencies.length = 0;
  }
  // Why in turn: what else the machine does falls on all of them.
  for (let index = 0; index < rounds; index++) for (const server of servers) await round(server);
  say(`${availableParallelism()} cores, ${connections} connections, ${rounds} rounds in turn, medians`);
  say(
    row(
      'workers',
      'requests/s',
      'cores used',
      'CPU µs per request',
      'best',
      'p50 ms',
      'p99 ms',
      'largest worker MiB (PSS)',
      'PSS of all',
      'failed',
    ),
  );
  say(row(...Array.from({ length: 10 }, () => '---')));
  for (const server of servers) print(server);
} finally {
  for (const { process: measured, folder } of servers) {
    await measured.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  await modelServer.stop();
}

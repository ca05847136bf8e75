import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { row } from '../measure.ts';
import { type Measured, start } from './processes.ts';
import { messages } from './texts.ts';

/**
 * Requests through Cordon with every guard on, beside Portkey and LiteLLM with none, to a model server that answers at once.
 *
 *     npm run build && npx tsx benchmarks/gateway/requests.ts [--portkey FOLDER] [--litellm PROGRAM] [--requests 3000]
 */
const { values } = parseArgs({
  options: { portkey: { type: 'string' }, litellm: { type: 'string' }, requests: { type: 'string', default: '3000' } },
});
const requests = Number(values.requests);
const root = join(import.meta.dirname, '../..');
const MODEL_PORT = 18_001;

interface Gateway {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly server: Measured | undefined;
  readonly count: number;
}

/** A chat of about 4 KB that no other request repeats. */
function body(index: number, stream: boolean): string {
  return JSON.stringify({ model: 'm', ...(stream ? { stream: true } : {}), messages: messages(index) });
}

interface Result {
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 200. */
  readonly failed: number;
}

async function run({ url, headers, server, count }: Gateway, kind: { stream: boolean; repeat: boolean; at: number }): Promise<Result> {
  const pool = new Pool(new URL(url).origin, { connections: kind.at, pipelining: 1 });
  const latencies: number[] = [];
  let next = 0;
  let failed = 0;
  const ask = async (index: number): Promise<void> => {
    const started = performance.now();
    const answer = await pool.request({
      path: `${new URL(url).pathname}/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body(kind.repeat ? index % 50 : index, kind.stream),
    });
    let first: number | undefined;
    for await (const _ of answer.body) first ??= performance.now() - started;
    if (answer.statusCode !== 200) failed++;
    latencies.push(kind.stream ? first! : performance.now() - started);
  };
  const work = async (most: number, offset: number): Promise<void> => {
    next = 0;
    await Promise.all(
      Array.from({ length: kind.at }, async () => {
        while (next < most) await ask(offset + next++);
      }),
    );
  };
  await work(Math.min(500, count), 1_000_000);
  latencies.length = 0;
  failed = 0;
  const before = server?.cpuS() ?? 0;
  const started = performance.now();
  await work(count, 0);
  const seconds = (performance.now() - started) / 1_000;
  const cpu = (server?.cpuS() ?? 0) - before;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)]!;
  return { cpuUs: (cpu / count) * 1e6, perSecond: count / seconds, p50: at(0.5), p99: at(0.99), failed };
}

const folder = mkdtempSync(join(tmpdir(), 'cordon-gateway-bench-'));
const started: Measured[] = [];
const isUp = (url: string) => async () =>
  fetch(url).then(
    () => true,
    () => false,
  );
try {
  started.push(
    await start(
      [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'model.ts'), String(MODEL_PORT)],
      { cwd: root },
      isUp(`http://127.0.0.1:${MODEL_PORT}`),
    ),
  );
  const origin = `http://127.0.0.1:${MODEL_PORT}/v1`;
  const gateways: Gateway[] = [{ name: 'the model itself', url: origin, headers: {}, server: undefined, count: requests }];

  writeFileSync(
    join(folder, 'cordon.yaml'),
    `server: { port: 18002 }\ngateway:\n  upstreams: [{ id: model, kind: openai-compatible, url: '${origin}' }]\n`,
  );
  let said = '';
  const cordon = await start(
    [process.execPath, join(root, 'dist/cli.js'), 'serve'],
    { cwd: folder, env: { ...process.env, CORDON_LOG_LEVEL: 'warn' } },
    (text) => (said = text).includes('OPENAI_BASE_URL'),
  );
  started.push(cordon);
  const key = /^ {2}(cordon_\S+)$/m.exec(said)?.[1] ?? '';
  gateways.push({
    name: 'Cordon, every guard on',
    url: 'http://127.0.0.1:18002/v1',
    headers: { authorization: `Bearer ${key}` },
    server: cordon,
    count: requests,
  });

  const bare = await start(
    [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'bare-proxy.ts'), '18005', `http://127.0.0.1:${MODEL_PORT}`],
    { cwd: root },
    isUp('http://127.0.0.1:18005'),
  );
  started.push(bare);
  gateways.push({ name: 'bare proxy', url: 'http://127.0.0.1:18005/v1', headers: {}, server: bare, count: requests });

  if (values.portkey !== undefined) {
    const portkey = await start(
      [process.execPath, join(values.portkey, 'node_modules/@portkey-ai/gateway/build/start-server.js'), '--port=18003', '--headless'],
      { cwd: values.portkey },
      isUp('http://127.0.0.1:18003'),
    );
    started.push(portkey);
    const headers = { authorization: 'Bearer x', 'x-portkey-provider': 'openai', 'x-portkey-custom-host': origin };
    gateways.push({
      name: 'Portkey, no guard',
      url: 'http://127.0.0.1:18003/v1',
      headers,
      server: portkey,
      count: Math.ceil(requests / 3),
    });
  }
  if (values.litellm !== undefined) {
    writeFileSync(
      join(folder, 'litellm.yaml'),
      `model_list:\n  - model_name: m\n    litellm_params: { model: openai/m, api_base: '${origin}', api_key: x }\n`,
    );
    const masterKey = `sk-${randomBytes(24).toString('hex')}`;
    const litellm = await start(
      [values.litellm, '--config', join(folder, 'litellm.yaml'), '--port', '18004', '--host', '127.0.0.1'],
      { cwd: folder, env: { ...process.env, LITELLM_MASTER_KEY: masterKey, LITELLM_LOCAL_MODEL_COST_MAP: 'True' } },
      isUp('http://127.0.0.1:18004/health/liveliness'),
    );
    started.push(litellm);
    gateways.push({
      name: 'LiteLLM, no guard',
      url: 'http://127.0.0.1:18004/v1',
      headers: { authorization: `Bearer ${masterKey}` },
      server: litellm,
      count: Math.ceil(requests / 10),
    });
  }

  process.stdout.write(
    `${row('', 'CPU µs per request', 'requests per s', 'p50 ms', 'p99 ms', 'peak MiB')}\n${row('---', '---', '---', '---', '---', '---')}\n`,
  );
  const kinds = [
    ['4 KB, new texts, 8 at a time', { stream: false, repeat: false, at: 8 }],
    ['4 KB, texts seen before, 8 at a time', { stream: false, repeat: true, at: 8 }],
    ['4 KB, new texts, one at a time', { stream: false, repeat: false, at: 1 }],
    ['stream of 43 events, 8 at a time (to the first byte)', { stream: true, repeat: false, at: 8 }],
    ['stream of 43 events, one at a time (to the first byte)', { stream: true, repeat: false, at: 1 }],
  ] as const;
  for (const [title, kind] of kinds) {
    for (const gateway of gateways) {
      const { cpuUs, perSecond, p50, p99, failed } = await run(gateway, kind);
      if (failed > 0) process.stdout.write(`${gateway.name}: ${failed} requests failed\n`);
      process.stdout.write(
        `${row(`${gateway.name}: ${title}`, gateway.server === undefined ? '-' : cpuUs, perSecond, p50, p99, gateway.server?.peakMib() ?? '-')}\n`,
      );
    }
  }
} finally {
  for (const server of started) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * What sending a request of the gateway to a provider costs, beside a bare `Pool.dispatch`: `npx tsx benchmarks/gateway-upstreams.ts
 * [--requests 20000] [--connections 16] [--rounds 5]`. CPU seconds are those of this process, which only sends; the provider is another process.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type Dispatcher, Pool } from 'undici';
import { UpstreamsConfig } from '../src/core/gateway-model-config.ts';
import { SILENT } from '../src/core/logger.ts';
import { openUpstreams } from '../src/engine/gateway/upstreams/open-upstreams.ts';
import type { Upstreams } from '../src/engine/gateway/upstreams/upstreams.ts';
import { row } from './measure.ts';

const ANSWER = Buffer.from(JSON.stringify({ id: 'x', choices: [{ message: { content: 'y'.repeat(900) } }] }));
const EVENT = Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: ' token' } }] })}\n\n`);
const EVENTS = 43;
const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

if (process.send !== undefined && process.argv[2] === 'provider') {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.headers['x-stream'] === undefined) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
        return response.end(ANSWER);
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let left = EVENTS;
      const next = (): void => {
        if (left-- === 0) return void response.end('data: [DONE]\n\n');
        response.write(EVENT);
        setImmediate(next);
      };
      next();
    });
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
} else await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      connections: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const requests = Number(values.requests);
  const connections = Number(values.connections);
  const provider = fork(process.argv[1] ?? '', ['provider'], { execArgv: process.execArgv });
  const [port] = (await once(provider, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const upstreams = openOne(url, connections);
  const many = openMany(url, connections);
  const body = Buffer.from(JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'z'.repeat(4_000) }] }));

  const ways: [string, (isStream: boolean) => Promise<void>][] = [
    ['Pool.dispatch', (isStream) => bare(pool, body, isStream)],
    ['upstreams.send', (isStream) => sent(upstreams, body, isStream)],
    ['upstreams.send, 4 targets by latency', (isStream) => sent(many, body, isStream)],
  ];
  console.log('| | CPU µs/request, median | best | CPU µs/stream of 43 events, median | best |\n| --- | --- | --- | --- | --- |');
  const costs = ways.map(() => ({ plain: [] as number[], stream: [] as number[] }));
  for (const [, way] of ways) await measured(requests / 4, connections, () => way(false));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [index, [, way]] of ways.entries()) {
      costs[index]!.plain.push(await measured(requests, connections, () => way(false)));
      costs[index]!.stream.push(await measured(requests / 10, connections, () => way(true)));
    }
  }
  for (const [index, [name]] of ways.entries()) {
    const { plain, stream } = costs[index]!;
    console.log(row(name, median(plain), Math.min(...plain), median(stream), Math.min(...stream)));
  }
  await Promise.all([pool.close(), upstreams.close(), many.close()]);
  provider.kill();
}

function openOne(url: string, connections: number): Upstreams {
  const config = UpstreamsConfig.parse({
    upstreams: [{ id: 'a', kind: 'openai-compatible', url, apiKey: 'env:KEY', connections: connections * 2 }],
  });
  return openUpstreams({ config, secrets: { get: async () => 'sk-benchmark', watch: () => () => {} }, log: SILENT });
}

function openMany(url: string, connections: number): Upstreams {
  const ids = ['a', 'b', 'c', 'd'];
  const config = UpstreamsConfig.parse({
    upstreams: ids.map((id) => ({ id, kind: 'openai-compatible', url, apiKey: 'env:KEY', connections: connections * 2 })),
    models: { gpt: { targets: ids.map((upstream) => ({ upstream })), strategy: 'latency' } },
  });
  return openUpstreams({ config, secrets: { get: async () => 'sk-benchmark', watch: () => () => {} }, log: SILENT });
}

function bare(pool: Pool, body: Buffer, isStream: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: () => {},
      onResponseData: () => {},
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    };
    const headers = ['authorization', 'Bearer sk-benchmark', ...Object.entries(HEADERS).flat(), ...(isStream ? ['x-stream', '1'] : [])];
    pool.dispatch({ path: '/v1/chat/completions', method: 'POST', headers, body }, handler);
  });
}

function sent(upstreams: Upstreams, body: Buffer, isStream: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    upstreams.send(
      'gpt',
      {
        protocol: 'openai',
        path: '/chat/completions',
        method: 'POST',
        headers: isStream ? { ...HEADERS, 'x-stream': '1' } : HEADERS,
        body: () => body,
        idempotent: true,
        stream: isStream,
      },
      { head: () => {}, data: () => true, end: resolve, error: reject },
    );
  });
}

/** CPU microseconds of this process for each call. */
async function measured(times: number, atOnce: number, call: () => Promise<void>): Promise<number> {
  let left = times;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await call();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

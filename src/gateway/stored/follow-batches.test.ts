import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, limitsConfig } from '../../../test/limits/callers.ts';
import { json, message, type ModelServer, modelServer } from '../../../test/gateway/model-server.ts';
import { GatewayConfig } from '../../core/gateway-config.ts';
import { SILENT } from '../../core/logger.ts';
import type { ExchangeRecord } from '../../engine/gateway/audit/exchange-record.ts';
import type { BatchDue } from '../../engine/gateway/batches/batches.ts';
import { openBatches } from '../../engine/gateway/batches/open-batches.ts';
import type { Admitted } from '../../engine/gateway/limits/limits.ts';
import { openLimits } from '../../engine/gateway/limits/open-limits.ts';
import { openUpstreams } from '../../engine/gateway/upstreams/open-upstreams.ts';
import { openStore } from '../../store/open-store.ts';
import { followOnce, type FollowOptions } from './follow-batches.ts';

const PRICE = { input: 1e6, cachedInput: 1e6, cacheWrite: 1e6, output: 1e6, longContext: undefined, request: 0 };
const MINUTE = 60_000;
let models: ModelServer;
let clock: number;
let records: ExchangeRecord[];
let options: FollowOptions;
let close: (() => Promise<void>)[];
let spent: () => Promise<number>;

beforeEach(async () => {
  models = await modelServer();
  clock = Date.now();
  records = [];
  const store = await openStore({ database: ':memory:' });
  const limits = await openLimits({ config: limitsConfig([{ id: 'money', budget: { usd: 1, per: 'total' } }]), store });
  const {
    upstreams: configured,
    models: routes,
    ...rest
  } = GatewayConfig.parse({
    upstreams: [
      { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1`, maxResponseBytes: 100_000 },
      { id: 'claude', kind: 'anthropic', url: models.origin, apiKey: 'env:KEY', allowPrivateNetwork: true },
    ],
    models: { m: { targets: [{ upstream: 'local' }] } },
  });
  const upstreams = openUpstreams({
    config: { upstreams: configured, models: routes, ...rest },
    secrets: { get: async () => 'secret', watch: () => () => undefined },
    log: SILENT,
  });
  options = {
    batches: openBatches({ store, now: () => clock }),
    audit: { append: async (record: ExchangeRecord) => void records.push(record) } as never,
    telemetry: { observe: () => undefined } as never,
    upstreams,
    log: SILENT,
    now: () => clock,
  };
  const admission = (await limits.admit(call(), { inputTokens: 500, maxOutputTokens: 500, price: PRICE })) as Admitted;
  admission.settle({ inputTokens: 500, outputTokens: 500, cachedTokens: 0, measured: false });
  for (const kind of ['batch', 'message-batch'] as const) {
    const due: BatchDue = {
      kind,
      id: 'batch_1',
      upstream: kind === 'batch' ? 'local' : 'claude',
      upstreamModel: 'm',
      route: '/v1/batches',
      model: 'm',
      who: { principal: 'p', name: 'ann', key: null, teams: [], ip: '' },
      session: null,
      requests: 2,
      price: PRICE,
      atMost: { inputTokens: 250, outputTokens: 250, cachedTokens: 0, measured: false },
      charged: 500,
      budgets: admission.budgets,
      madeAt: clock,
    };
    await options.batches.keep(due);
  }
  await limits.close();
  spent = async () => {
    const rows = await store.db.selectFrom('gateway_pool').select('state').execute();
    return rows.reduce((sum, { state }) => sum + (JSON.parse(state) as { spent: number }).spent, 0);
  };
  close = [() => upstreams.close(), () => store.close(), () => models.close()];
});
afterEach(async () => {
  for (const one of close) await one();
});

const later = async (minutes: number): Promise<string[]> => {
  clock += minutes * MINUTE;
  models.got.length = 0;
  await followOnce(options);
  return models.got.map(({ url }) => url);
};

test('a batch is asked about seldom, its results are counted when it is over, and never again', async () => {
  let over = false;
  models.answer = ({ url }, response) => {
    const line = (body: object): string => `${JSON.stringify(body)}\n`;
    const body = { usage: { prompt_tokens: 10, completion_tokens: 5 }, padding: 'x'.repeat(300_000) };
    const result = { type: 'succeeded', message: message([]) };
    if (url.endsWith('/content')) response.end(line({ response: { status_code: 200, body } }) + line({ response: { status_code: 429 } }));
    else if (url.endsWith('/results')) response.end(line({ result }) + line({ result: { type: 'errored' } }));
    else if (url.includes('messages'))
      json(response, { processing_status: over ? 'ended' : 'in_progress', results_url: over ? 'x' : null });
    else json(response, over ? { status: 'completed', output_file_id: 'file-1' } : { status: 'in_progress' });
  };
  expect(await spent()).toBe(1_000);
  expect(await later(1)).toEqual([]);
  const asked = ['/v1/batches/batch_1', '/v1/messages/batches/batch_1'];
  expect((await later(5)).toSorted()).toEqual(asked);
  expect(await later(1)).toEqual([]);
  over = true;
  expect(await later(20)).toHaveLength(4);
  expect(await spent()).toBe(30);
  expect(records).toMatchObject([
    { reason: 'batch.settled', usage: { inputTokens: 10, outputTokens: 5 }, costMicros: 15, who: { name: 'ann' } },
    { reason: 'batch.settled', costMicros: 15 },
  ]);
  expect(await later(10_000)).toEqual([]);
  expect(await spent()).toBe(30);
});

test('a client that sees the end has the provider asked soon', async () => {
  models.answer = (_, response) => json(response, { status: 'failed', processing_status: 'in_progress' });
  await options.batches.hurry('batch', 'batch_1');
  expect(await later(0)).toEqual(['/v1/batches/batch_1']);
  expect(await spent()).toBe(500);
});

test('what is gone, or never ends, stays charged at its most', async () => {
  models.answer = ({ url }, response) =>
    url.includes('messages') ? json(response, { processing_status: 'in_progress' }) : json(response, { error: {} }, 404);
  await later(6);
  expect(records).toMatchObject([{ costMicros: 500, usage: { inputTokens: 250, outputTokens: 250 } }]);
  await later(5 * 24 * 60);
  expect(records).toHaveLength(2);
  expect(await spent()).toBe(1_000);
  expect(await later(10_000)).toEqual([]);
});

test.each([
  ['an answer that is no JSON', 'x'],
  ['results that are none', JSON.stringify({ status: 'completed', output_file_id: '../x', processing_status: 'ended', results_url: 'y' })],
])('%s settles nothing', async (_, text) => {
  models.answer = (__, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  await later(6);
  expect([await spent(), records.length]).toEqual([1_000, 0]);
});

test('two processes settle a batch once', async () => {
  const due = await options.batches.find('batch', 'batch_1');
  const none = { usage: due!.atMost, costMicros: 0 };
  expect((await Promise.all([options.batches.settle(due!, none), options.batches.settle(due!, none)])).toSorted()).toEqual([false, true]);
  expect(await spent()).toBe(500);
});

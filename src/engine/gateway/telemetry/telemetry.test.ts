import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GatewayTelemetryConfig } from '../../../core/gateway-telemetry-config.ts';
import { SILENT } from '../../../core/logger.ts';
import { exampleRecord } from '../audit/testing.ts';
import { mergeMetrics } from './metrics.ts';
import { MetricsRequest, TraceRequest } from './testing.ts';
import { openTelemetry, type Telemetry } from './telemetry.ts';
import { unixNano } from './otlp-json.ts';
import { traceHeaders, traceOf } from './trace-context.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let server: Server;
let received: Received[];
let answers: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }[];
let telemetry: Telemetry | undefined;

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as unknown });
      const { status, headers = {}, body = '{}' } = answers.shift() ?? { status: 200 };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await telemetry?.close();
  telemetry = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function open(settings: object = {}, otlp: object | null = {}): Telemetry {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  telemetry = openTelemetry({
    config: GatewayTelemetryConfig.parse({ ...settings, ...(otlp !== null && { otlp: { endpoint, ...otlp } }) }),
    secrets: { get: async (reference) => `value of ${reference}` },
    log: SILENT,
    kindOf: () => 'azure-openai',
    sources: {
      audit: () => ({ appended: 7, stored: 5, journalBytes: 1_000, lost: 0, problem: null }),
      sharing: () => [{ store: 'redis', state: 'lost', since: 0, replicas: 2 }],
    },
    version: '1.2.3',
  });
  return telemetry;
}

const attributes = (of: readonly { readonly key: string; readonly value: object }[]): Record<string, unknown> =>
  Object.fromEntries(of.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('OTLP', () => {
  test('spans have the shape of the protocol, the names of the conventions, and continue the trace of the client', async () => {
    const opened = open({}, { headers: { authorization: 'env:OTLP' }, metrics: false });
    const trace = opened.trace({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=1' });
    const record = exampleRecord({ at: 1_800_000_000_123, stream: true });
    opened.observe(record, trace);
    await opened.flush();
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/json', authorization: 'value of env:OTLP' },
    });
    const { resourceSpans } = TraceRequest.parse(received[0]!.body);
    expect(attributes(resourceSpans[0]!.resource.attributes)).toEqual({ 'service.name': 'cordon', 'service.version': '1.2.3' });
    const [server_, call] = resourceSpans[0]!.scopeSpans[0]!.spans;
    expect(server_).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      traceState: 'vendor=1',
      name: 'POST /v1/chat/completions',
      kind: 2,
      startTimeUnixNano: '1800000000123000000',
      endTimeUnixNano: '1800000000535250000',
    });
    expect(attributes(server_!.attributes)).toMatchObject({ 'cordon.guard.request.effect': 'redact', 'http.response.status_code': '200' });
    expect(call).toMatchObject({ parentSpanId: server_!.spanId, name: 'chat gpt-5-mini-2026-08-01', kind: 3 });
    expect(opened.traceHeaders(trace).traceparent).toBe(`00-${trace.traceId}-${call!.spanId}-01`);
    expect(attributes(call!.attributes)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'azure.ai.openai',
      'gen_ai.request.model': 'gpt-5-mini-2026-08-01',
      'gen_ai.usage.input_tokens': '812',
      'gen_ai.usage.output_tokens': '95',
      'gen_ai.usage.cache_read.input_tokens': '0',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.4105,
    });
  });

  test('metrics have the shape of the protocol; older and newer conventions have their own names', async () => {
    for (const [conventions, provider, tokens] of [
      ['1.36', 'gen_ai.system', 'gen_ai.client.token.usage'],
      ['1.41', 'gen_ai.provider.name', 'gen_ai.client.token.usage'],
      ['latest', 'gen_ai.provider.name', 'gen_ai.client.inference.tokens'],
    ] as const) {
      const opened = open({ conventions }, { traces: false });
      for (let index = 0; index < 10; index++) opened.observe(exampleRecord({ stream: true }), opened.trace({}));
      await opened.flush();
      const { resourceMetrics } = MetricsRequest.parse(received.at(-1)!.body);
      const metrics = resourceMetrics[0]!.scopeMetrics[0]!.metrics;
      const usage = metrics.find(({ name }) => name === tokens)!;
      const point = (usage.histogram ?? usage.sum)!.dataPoints[0]!;
      expect(attributes(point.attributes)).toMatchObject({ [provider]: conventions === '1.36' ? 'az.ai.openai' : 'azure.ai.openai' });
      if ('bucketCounts' in point) {
        expect(point).toMatchObject({ count: '10', sum: 8_120 });
        expect(point.bucketCounts.map(Number).reduce((a, b) => a + b, 0)).toBe(10);
        expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
      } else expect(point.asDouble).toBe(8_120);
      expect(metrics.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['gen_ai.server.time_to_first_token', 'cordon_gateway_requests_total']),
      );
      await opened.close();
    }
  });

  test('what may be sent again is, what may not is dropped, and both are counted', async () => {
    const opened = open({}, { metrics: false });
    answers = [
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":"1"}}' },
    ];
    opened.observe(exampleRecord(), opened.trace({}));
    await opened.flush();
    expect(received).toHaveLength(2);
    expect(received[0]!.body).toEqual(received[1]!.body);
    answers = [{ status: 400, body: 'x'.repeat(200_000) }];
    opened.observe(exampleRecord(), opened.trace({}));
    await opened.flush();
    expect(received).toHaveLength(3);
    const { text } = await opened.renderMetrics();
    expect(text).toContain('cordon_telemetry_sent_total{signal="traces"} 1\n');
    expect(text).toContain('cordon_telemetry_dropped_total{signal="traces"} 3\n');
  });

  test('a collector that is gone costs spans, never memory', async () => {
    const opened = open({}, { metrics: false, queueSpans: 64, timeoutSeconds: 1, endpoint: 'http://127.0.0.1:1' });
    for (let index = 0; index < 500; index++) opened.observe(exampleRecord(), opened.trace({}));
    expect((await opened.renderMetrics()).text).toContain('cordon_telemetry_dropped_total{signal="traces"} 936\n');
    await opened.close();
    telemetry = undefined;
  });

  test('nothing is sampled that nobody asked for', async () => {
    const opened = open({}, { metrics: false, sampleRatio: 0 });
    opened.observe(exampleRecord(), opened.trace({}));
    opened.observe(exampleRecord(), opened.trace({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' }));
    await opened.flush();
    expect(received).toEqual([]);
    opened.observe(exampleRecord(), opened.trace({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }));
    await opened.flush();
    expect(received).toHaveLength(1);
  });
});

test('W3C Trace Context: what is no trace begins a new one, what is one goes on', () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  for (const wrong of [
    `ff-${id}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `00-${id.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${id}-b7ad6b7169203331`,
    `00-${id}-b7ad6b7169203331-01x`,
    '',
  ])
    expect(traceOf({ traceparent: wrong }, 1)).toMatchObject({ parentId: undefined, isSampled: true });
  // A later version may say more.
  expect(traceOf({ traceparent: `01-${id}-b7ad6b7169203331-01-more` }, 0)).toMatchObject({ traceId: id, isSampled: true });
  fc.assert(
    fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
      const headers = traceHeaders(traceOf({ traceparent, tracestate }, 1));
      expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(headers.tracestate ?? '').not.toMatch(/[\r\n]/);
    }),
  );
  const many = Array.from({ length: 4_000 }, () => traceOf({}, 0.25));
  expect(new Set(many.map(({ traceId }) => traceId)).size).toBe(4_000);
  expect(many.filter(({ isSampled }) => isSampled).length / 4_000).toBeCloseTo(0.25, 1);
});

describe('Prometheus', () => {
  test('exchanges are counted by what became of them, and the state of the parts is told', async () => {
    const opened = open({}, null);
    for (let index = 0; index < 3; index++) opened.observe(exampleRecord());
    opened.observe(
      exampleRecord({ outcome: 'blocked', status: 400, reason: 'gateway.refused', upstream: null, upstreamModel: null, usage: null }),
    );
    const { type, text } = await opened.renderMetrics();
    expect(type).toContain('version=0.0.4');
    const model = 'upstream="openai-eu",model="gpt-5-mini-2026-08-01"';
    for (const line of [
      `cordon_gateway_requests_total{route="/v1/chat/completions",protocol="openai",${model},outcome="served",status="200"} 3`,
      `cordon_gateway_request_duration_seconds_bucket{route="/v1/chat/completions",${model},stream="false",le="0.64"} 3`,
      `cordon_gateway_request_duration_seconds_bucket{route="/v1/chat/completions",${model},stream="false",le="0.32"} 0`,
      `cordon_gateway_tokens_total{${model},kind="input"} 2436`,
      'cordon_gateway_guard_rules_total{direction="request",rule="pii.email"} 4',
      'cordon_gateway_refusals_total{outcome="blocked",reason="gateway.refused"} 1',
      'cordon_gateway_audit_journal_bytes 1000',
      'cordon_gateway_limits_store_state{store="redis",state="lost"} 1',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toMatch(/process_cpu_seconds_total/);
  });

  test('whatever clients send, the number of series is bounded and the text is well-formed', async () => {
    const opened = open({ maxLabelValues: 10 }, null);
    for (let index = 0; index < 5_000; index++)
      opened.observe(exampleRecord({ upstreamModel: `m"${index}\n\\`, reason: `r${index}`, outcome: 'refused', route: `/r${index}` }));
    const { text } = await opened.renderMetrics();
    const lines = text.split('\n').filter((line) => line.startsWith('cordon_gateway'));
    expect(lines.length).toBeLessThan(20_000);
    expect(lines.find((line) => !/^[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [0-9.e+-]+$/.test(line))).toBeUndefined();
    expect(text).toContain('model="other"');
  });

  test('several processes make one', async () => {
    const [one, two] = [open({}, null), open({}, null)];
    one.observe(exampleRecord());
    two.observe(exampleRecord());
    two.observe(exampleRecord({ upstream: 'other' }));
    const text = (await one.renderMetrics([JSON.parse(JSON.stringify(two.metrics())) as ReturnType<Telemetry['metrics']>])).text;
    expect(text).toContain('model="gpt-5-mini-2026-08-01",outcome="served",status="200"} 2\n');
    expect(text).toContain('cordon_gateway_overhead_seconds_count{route="/v1/chat/completions"} 3\n');
    expect(text).toContain('cordon_gateway_audit_accepted_total 14\n');
    expect(text).toContain('cordon_gateway_limits_store_state{store="redis",state="lost"} 1\n');
    expect(mergeMetrics([])).toEqual([]);
    await one.close();
  });
});

test('nanoseconds', () => {
  expect(unixNano(1_800_000_000_123.456)).toBe('1800000000123456000');
  expect(unixNano(1_800_000_000_000 - 2 ** -12)).toBe('1800000000000000000');
  expect(unixNano(1_500)).toBe('1500000000');
});

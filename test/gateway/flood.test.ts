import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { type ModelServer, modelServer } from './model-server.ts';
import { rawMcpServer, type RawMcpServer } from './raw-mcp-server.ts';

let models: ModelServer;
let tools: RawMcpServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  tools = await rawMcpServer();
  served = await serve({
    server: { trustedProxies: ['127.0.0.1'] },
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }] } },
      mcp: { servers: [{ id: 's', url: tools.url }] },
      unauthenticated: { requestsPerMinute: 10, recordsPerMinute: 40 },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
  await tools?.close();
});

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

function send(path: string, ip: string, key?: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${served.server.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': ip,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: JSON.stringify(CHAT),
  });
}

/** Records of the gateway of requests that nobody is known to have sent. */
async function records(): Promise<number> {
  const { body } = await served.admin.api('GET', '/exchanges?limit=500');
  return (body as { who: { principal: string } }[]).filter(({ who }) => who.principal === '').length;
}

test.each([
  ['without a key', '/v1/chat/completions', undefined, '198.51.100.1'],
  ['with a wrong key', '/v1/chat/completions', 'cordon_nobody', '198.51.100.2'],
  ['with something that is no key', '/v1/responses', 'x y', '198.51.100.3'],
  ['at the other protocol', '/anthropic/v1/messages', 'cordon_nobody', '198.51.100.4'],
  ['at MCP', '/mcp/s', undefined, '198.51.100.5'],
  ['at nothing', '/v1/nothing/at/all', undefined, '198.51.100.6'],
])('whoever goes on %s is asked to wait', async (_, path, key, ip) => {
  for (let count = 0; count < 10; count++) expect((await send(path, ip, key)).status).toBe(401);
  const limited = await send(path, ip, key);
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await limited.text()).not.toMatch(/nobody|198\.51/);
  // The same address, and a credential that is one.
  expect((await send('/v1/chat/completions', ip, served.admin.key)).status).toBe(200);
});

test('a flood leaves few records, whatever it is about, and one entry of the ledger', async () => {
  for (let count = 0; count < 150; count++)
    await send(count % 2 === 0 ? '/mcp/s' : '/v1/chat/completions', `203.0.113.${count}`, 'cordon_nobody', {
      ...(count % 3 === 0 && { origin: 'http://evil.example' }),
    });
  await expect.poll(records).toBe(40);
  expect(models.got.length).toBe(6);
});

test('an address that a client makes up does not help', async () => {
  const spoofed = () => send('/v1/chat/completions', 'not an address, 198.51.100.77', undefined);
  const statuses: number[] = [];
  for (let count = 0; count < 12; count++) statuses.push((await spoofed()).status);
  expect(statuses.at(-1)).toBe(429);
});

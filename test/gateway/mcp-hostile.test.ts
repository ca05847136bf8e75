import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { McpConfig } from '../../src/core/gateway-mcp-config.ts';
import { openMcpServers } from '../../src/engine/gateway/mcp/mcp-servers.ts';
import { must, serve, type Served } from '../e2e/served.ts';
import { type ToolServer, toolServer } from './mcp-server.ts';

let tools: ToolServer;
let served: Served;

beforeAll(async () => {
  process.env.CORDON_TEST_MCP_KEY = 'mcp-secret-value';
  tools = await toolServer();
  served = await serve({
    gateway: {
      mcp: {
        servers: [
          {
            id: 'tools',
            url: tools.url,
            auth: { secret: 'env:CORDON_TEST_MCP_KEY' },
            maxResponseBytes: 1024 ** 2,
            timeouts: { firstByteMs: 500, idleMs: 500 },
          },
          { id: 'unreachable', url: 'https://nowhere.invalid/mcp' },
        ],
      },
    },
  });
});
beforeEach(() => {
  tools.instead = undefined;
});
afterAll(async () => {
  await served?.close();
  await tools?.close();
});

const through = (id = 'tools'): string => `${served.server.url}/mcp/${id}`;

/** A message as bytes, over plain HTTP. */
async function post(id: string, message: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(through(id), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${served.admin.key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
}

const call = (name: string, given: object = {}): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: given },
});

test('whatever is no single message of the protocol is refused before it reaches the server', async () => {
  tools.credentials.length = 0;
  const bad: readonly [unknown, number, Record<string, string>?][] = [
    ['{', 400],
    [[call('echo')], 400],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', 400],
    [{ jsonrpc: '1.0', id: 1, method: 'ping' }, 400],
    [{ jsonrpc: '2.0', id: {}, method: 'ping' }, 400],
    [{ jsonrpc: '2.0', id: 1, method: 'ping', result: {} }, 400],
    [{ jsonrpc: '2.0', id: 1, method: 'ping', extra: 'ignore me' }, 400],
    [{ jsonrpc: '2.0', id: 7, result: { content: 'unasked' } }, 400],
    [{ jsonrpc: '2.0', method: 'notifications/unheard' }, 400],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 400, { 'content-type': 'text/plain' }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 400, { 'mcp-protocol-version': 'x' }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 403, { origin: 'http://rebound.example' }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 404, { 'mcp-session-id': 'made-up' }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 401, { authorization: 'Bearer cordon_nobody' }],
  ];
  for (const [message, status, headers] of bad) {
    const response = await post('tools', message, headers);
    expect([response.status, await response.json()], JSON.stringify(message)).toMatchObject([status, { jsonrpc: '2.0', error: {} }]);
  }
  const unknown = await post('tools', { jsonrpc: '2.0', id: 1, method: 'server/exec' });
  expect(await unknown.json()).toMatchObject({ id: 1, error: { code: -32601 } });
  expect((await post('nothing', call('echo'))).status).toBe(404);
  // Names that clients make up are none in records and sums.
  await vi.waitFor(async () => {
    const [newest] = must(await served.admin.api('GET', '/exchanges?limit=1')).body as [object];
    expect(newest).toMatchObject({ route: '(unlisted)', outcome: 'refused' });
  }, 10_000);
  expect(tools.credentials).toEqual([]);
});

test('hostile servers: no hang, no leak, nothing followed', async () => {
  const answers: Record<string, (response: ServerResponse) => void> = {
    'no JSON': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":'),
    html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>secret'),
    'another id': (response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":99,"result":{}}'),
    redirect: (response) => void response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    huge: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(2 * 1024 * 1024)}"`),
    'an event without an end': (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)));
      more();
    },
    'broken off': (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}\n\n', () => response.destroy());
    },
    'no answer in the stream': (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n'),
    'never an answer': () => undefined,
    'never an end': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    'silence in a stream': (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hi\n\n'),
    'credential refused': (response) => void response.writeHead(401, { 'www-authenticate': 'Bearer secret' }).end('mcp-secret-value'),
    'server error': (response) => void response.writeHead(500).end('stack trace with mcp-secret-value'),
  };
  for (const [name, answer] of Object.entries(answers)) {
    tools.instead = (request, response) => {
      request.resume().on('end', () => answer(response));
      return true;
    };
    const response = await post('tools', { jsonrpc: '2.0', id: 1, method: 'resources/list' });
    const text = await response.text();
    expect(text, name).toContain('"error"');
    expect(text, name).toContain('"id":1');
    expect(text, name).not.toMatch(/secret|stack|169\.254/);
  }
  const unreachable = await (await post('unreachable', { jsonrpc: '2.0', id: 1, method: 'ping' })).text();
  expect(unreachable).toContain('"error"');
});

test('answers to what nobody asked, and messages that nobody knows, do not reach the client', async () => {
  const messages = [
    { jsonrpc: '2.0', id: 5, result: { content: [{ type: 'text', text: 'unasked' }] } },
    { jsonrpc: '2.0', method: 'notifications/made-up', params: { text: 'unasked' } },
    { jsonrpc: '2.0', id: 6, method: 'client/exec', params: { command: 'unasked' } },
    { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'mail bob.jones@example.org' } },
    { jsonrpc: '2.0', id: 1, result: { resources: [] } },
    { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'too late' } },
  ];
  const replies: string[] = [];
  tools.instead = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (!text.includes('resources/list')) {
        replies.push(text);
        return void response.writeHead(202).end();
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(messages.map((message) => `id: ${messages.indexOf(message)}\ndata: ${JSON.stringify(message)}\n\n`).join(''));
    });
    return true;
  };
  const text = await (await post('tools', { jsonrpc: '2.0', id: 1, method: 'resources/list' })).text();
  expect(text).not.toMatch(/unasked|bob\.jones|too late/);
  expect(text).toMatch(/^id: 3\ndata: .*<EMAIL_\d+>.*\n\nid: 4\ndata: \{"jsonrpc":"2.0","id":1,"result":\{"resources":\[\]\}\}\n\n$/);
  await expect.poll(() => replies.join()).toContain('-32601');
});

test('addresses of metadata services, and http without encryption, are refused before anything listens', () => {
  for (const url of ['http://169.254.169.254/mcp', 'http://[fd00:ec2::254]/mcp', 'http://100.100.100.200/mcp']) {
    const servers = McpConfig.parse({ servers: [{ id: 'x', url, allowPrivateNetwork: true }] }).servers;
    expect(() => openMcpServers(servers, NO_SECRETS), url).toThrow('not allowed');
  }
  const plain = McpConfig.parse({ servers: [{ id: 'x', url: 'http://tools.example/mcp' }] }).servers;
  expect(() => openMcpServers(plain, NO_SECRETS)).toThrow('https');
});

const NO_SECRETS = { get: async () => 'x', watch: () => () => undefined };

import { Writable } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvePinCommand, pinsCommand } from '../../src/cli/gateway/mcp.ts';
import { serve, type Served } from '../e2e/served.ts';
import { type ToolServer, toolServer } from './mcp-server.ts';

let tools: ToolServer;
let served: Served;

beforeAll(async () => {
  tools = await toolServer();
  served = await serve({
    gateway: { mcp: { servers: [{ id: 'tools', url: tools.url }] } },
    access: { oidc: [{ issuer: 'https://login.example.com', audience: ['cordon'] }] },
    toolPolicy: { pins: { mode: 'required' } },
  });
});
afterAll(async () => {
  await served?.close();
  await tools?.close();
});

async function connect(to = served): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const headers = { authorization: `Bearer ${to.admin.key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${to.server.url}/mcp/tools`), { requestInit: { headers } }) as never);
  return client;
}

async function cordon(command: (io: never) => Promise<number>): Promise<string> {
  let out = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const io = { stdout: stream, stderr: stream, cwd: '.', env: { CORDON_SERVER: served.server.url, CORDON_TOKEN: served.admin.key } };
  await command(io as never);
  return out;
}

test('whoever has no credential is told where to get one', async () => {
  const refused = await fetch(`${served.server.url}/mcp/tools`, { method: 'POST', body: '{}' });
  expect(refused.status).toBe(401);
  const url = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1];
  expect(url).toBe(`${served.server.url}/.well-known/oauth-protected-resource/mcp/tools`);
  expect(await (await fetch(url!)).json()).toEqual({
    resource: `${served.server.url}/mcp/tools`,
    authorization_servers: ['https://login.example.com'],
    bearer_methods_supported: ['header'],
  });
  const other = await fetch(`${served.server.url}/.well-known/oauth-protected-resource/v1/models`);
  expect(other.status).toBe(404);
});

test('descriptions are read and approved on the command line', async () => {
  const client = await connect();
  expect((await client.listTools()).tools).toEqual([]);
  const listed = await cordon((io) => pinsCommand({ pending: true }, io));
  expect(listed).toContain('tools/echo  not accepted  waits: ');
  expect(listed).toContain('Repeats a text.');
  const digest = /tools\/echo .*waits: ([0-9a-f]{32})/.exec(listed)![1]!;
  await expect(cordon((io) => approvePinCommand('tools/echo', { digest: '0'.repeat(32) }, io))).rejects.toThrow('waits');
  await expect(cordon((io) => approvePinCommand('echo', { digest }, io))).rejects.toThrow('server/tool');
  expect(await cordon((io) => approvePinCommand('tools/echo', { digest }, io))).toContain('approved tools/echo');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
  expect(await cordon((io) => pinsCommand({}, io))).toContain(`tools/echo  accepted ${digest.slice(0, 12)} (admin)`);
  await client.close();
});

test('what a server tells by itself reaches the client on its stream, and a session ends when the client says so', async () => {
  const client = await connect();
  let told = 0;
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void told++);
  await expect.poll(() => tools.streams()).toBeGreaterThan(0);
  await tools.tell();
  await expect.poll(() => told).toBe(1);
  const transport = client.transport as unknown as StreamableHTTPClientTransport;
  const id = transport.sessionId!;
  await transport.terminateSession();
  const gone = await fetch(`${served.server.url}/mcp/tools`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json', 'mcp-session-id': id },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });
  expect(gone.status).toBe(404);
  await client.close();
});

test('a stream that is open keeps no server from going down', async () => {
  const own = await serve({ gateway: { mcp: { servers: [{ id: 'tools', url: tools.url }] } } });
  const client = await connect(own);
  await expect.poll(() => tools.streams()).toBeGreaterThan(0);
  const began = performance.now();
  await own.close();
  expect(performance.now() - began).toBeLessThan(10_000);
  await client.close();
});

import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockCommand, blocksCommand, unblockCommand } from '../../src/cli/gateway/blocks.ts';
import { keysCreateCommand, keysListCommand, keysRevokeCommand, keysRotateCommand } from '../../src/cli/registry/keys.ts';
import { serve, type Served, type Somebody } from './served.ts';

let served: Served;
let app: Somebody;

beforeAll(async () => {
  served = await serve({ server: { trustedProxies: ['127.0.0.1'] } });
  app = await served.person('app', 'reader@*');
});
afterAll(() => served.close());

async function run(who: Somebody, command: (io: never) => Promise<number>): Promise<{ code: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({ write: (more: string) => (text[name] += more) });
  const io = { stdout: stream('out'), stderr: stream('err'), cwd: '.', env: { CORDON_SERVER: served.server.url, CORDON_TOKEN: who.key } };
  return { code: await command(io as never), ...text };
}

async function models(headers: Record<string, string>): Promise<number> {
  return (await fetch(`${served.server.url}/v1/models`, { headers })).status;
}

/** Sends bytes as they are and answers the first line of each response. */
function raw(text: string): Promise<readonly string[]> {
  const { hostname, port } = new URL(served.server.url);
  return new Promise((settled) => {
    const socket = createConnection(Number(port), hostname, () => socket.end(text));
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => settled(answer.match(/^HTTP\/1\.1 \d+/gm) ?? []));
  });
}

test('keys from the command line: made, listed by prefix, rotated, revoked', async () => {
  const flags = { for: 'app', model: ['gpt-*'], ip: ['127.0.0.0/8'], requests: { count: 60, per: 'minute' }, profile: 'strict' };
  const made = await run(served.admin, (io) => keysCreateCommand('bot', flags, io));
  const secret = made.out.trim();
  const listed = JSON.parse((await run(served.admin, (io) => keysListCommand(secret, { all: true, json: true }, io))).out) as {
    id: string;
    scopes: object;
  }[];
  expect(listed).toMatchObject([
    {
      name: 'bot',
      scopes: {
        actions: ['invoke'],
        models: ['gpt-*'],
        ips: ['127.0.0.0/8'],
        profile: 'strict',
        limits: { requests: { count: 60, per: 'minute' } },
      },
    },
  ]);
  expect(await models({ 'x-api-key': secret })).toBe(200);
  expect(await models({ 'x-api-key': secret, 'x-forwarded-for': '203.0.113.5' })).toBe(401);
  const whoami = await fetch(`${served.server.url}/api/v1/whoami`, { headers: { authorization: `Bearer ${secret}` } });
  expect(whoami.status).toBe(200);
  const elsewhere = await fetch(`${served.server.url}/api/v1/whoami`, {
    headers: { authorization: `Bearer ${secret}`, 'x-forwarded-for': '203.0.113.5' },
  });
  expect(elsewhere.status).toBe(401);
  const keys = await fetch(`${served.server.url}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: '{"name":"x"}',
  });
  expect(keys.status).toBe(403);
  const next = (await run(served.admin, (io) => keysRotateCommand(listed[0]!.id, { now: true }, io))).out.trim();
  expect([await models({ 'api-key': secret }), await models({ 'api-key': next })]).toEqual([401, 200]);
  expect((await run(app, (io) => keysRevokeCommand(next, {}, io))).code).toBe(0);
  expect(await models({ 'api-key': next })).toBe(401);
});

test('blocks from the command line: at once, in the list, lifted', async () => {
  const auth = { authorization: `Bearer ${app.key}` };
  expect(await models(auth)).toBe(200);
  const { out } = await run(served.admin, (io) => blockCommand('user', 'app', { reason: 'leaked', for: 3_600_000 }, io));
  expect(out).toMatch(/principal app {2}blocked by admin until .*: leaked/);
  expect(await models(auth)).not.toBe(200);
  // The registry goes on: what is stopped is the gateway.
  expect((await app.api('GET', '/whoami')).status).toBe(200);
  await expect(run(app, (io) => blocksCommand({}, io))).rejects.toThrow(expect.objectContaining({ code: 'access.denied' }));
  await expect(run(app, (io) => blockCommand('everything', undefined, { reason: 'x' }, io))).rejects.toThrow(
    expect.objectContaining({ code: 'access.denied' }),
  );
  const [block] = JSON.parse((await run(served.admin, (io) => blocksCommand({ json: true }, io))).out) as { id: string }[];
  expect((await run(served.admin, (io) => unblockCommand(block!.id, {}, io))).out).toBe(`lifted ${block!.id}\n`);
  expect(await models(auth)).toBe(200);
  const key = await run(served.admin, (io) => blockCommand('key', app.key, { reason: 'x' }, io));
  expect(key.out).not.toContain(app.key.slice(20));
  expect(await models(auth)).not.toBe(200);
  await run(served.admin, (io) => unblockCommand(key.out.split(' ')[0]!, {}, io));
});

// CVE-2026-49468: the route that was authorized came from the Host header.
test('odd hosts, doubled headers and smuggled requests get nobody in', async () => {
  const line = (headers: string, path = '/v1/models', body = ''): string =>
    `GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n${body}`;
  const key = `Authorization: Bearer ${app.key}`;
  expect(await raw(line(`Host: a\r\n${key}`))).toEqual(['HTTP/1.1 200']);
  for (const host of ['127.0.0.1/healthz?', 'localhost/../healthz', 'a#/healthz', 'a@b', '', 'a\\healthz', '[::1', 'a/v1/models']) {
    for (const path of ['/v1/models', '/api/v1/keys', '/api/v1/principals']) {
      const [status] = await raw(line(`Host: ${host}`, path));
      expect(status, `${host} ${path}`).toMatch(/ 40[01]$/);
    }
  }
  for (const path of [
    '//v1/models',
    '/healthz/../v1/models',
    '/%76%31/models',
    '/v1/./models',
    'http://x/v1/models',
    '/v1/models/..;/',
    '/v1/models%00',
    '/V1/models',
  ])
    expect((await raw(line('Host: a', path)))[0], path).not.toMatch(/ 200$/);
  const other = `Authorization: Bearer ${served.admin.key}`;
  expect(await raw(line(`Host: a\r\n${key}\r\n${other}`))).toEqual(['HTTP/1.1 401']);
  expect(await raw(line(`Host: a\r\n${key}\r\nX-Api-Key: ${served.admin.key}`))).toEqual(['HTTP/1.1 401']);
  expect((await raw(line(`Host: a\r\n${key}\r\n${other}`, '/api/v1/principals')))[0]).toMatch(/ 40[013]$/);
  // A request inside the body of another one, by two lengths that disagree.
  const inner = `GET /v1/models HTTP/1.1\r\nHost: a\r\n${key}\r\n\r\n`;
  for (const lengths of [
    `Content-Length: 0\r\nTransfer-Encoding: chunked`,
    `Content-Length: 5\r\nContent-Length: 0`,
    `Transfer-Encoding : chunked`,
    `Transfer-Encoding: chunked, identity`,
  ]) {
    const answers = await raw(`POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n${lengths}\r\n\r\n0\r\n\r\n${inner}`);
    expect(
      answers.filter((status) => status.endsWith(' 200')),
      lengths,
    ).toEqual([]);
  }
});

// CVE-2026-42208.
test('a key that is an injection is answered as any other wrong one, in every header', async () => {
  const answers = new Set<string>();
  for (const text of ["' or '1'='1", "'; drop table token; --", '" or ""="', 'cordon_%27', '${7*7}', '{{7*7}}', '../../etc/passwd'])
    for (const header of ['authorization', 'x-api-key', 'api-key']) {
      const response = await fetch(`${served.server.url}/v1/models`, {
        headers: { [header]: header === 'authorization' ? `Bearer ${text}` : text },
      });
      const body = await response.text();
      expect(body).not.toContain(text);
      answers.add(`${response.status} ${body.replaceAll(/"[^"]*(?:request_id|id)"\s*:\s*"[^"]*"/g, '')}`);
    }
  expect([...answers].every((answer) => answer.startsWith('401'))).toBe(true);
  expect(await models({ authorization: `Bearer ${app.key}` })).toBe(200);
});

// CVE-2026-47101, CVE-2026-47102: fields of roles and routes were stored as they were sent.
test('whoever is no administrator makes no administrator, in no field', async () => {
  const tries: [string, object][] = [
    ['/keys', { name: 'x', principal: 'admin' }],
    ['/keys', { name: 'x', user_role: 'proxy_admin' }],
    ['/keys', { name: 'x', scopes: { allowed_routes: ['*'] } }],
    ['/keys', { name: 'x', scopes: { seesOriginals: true } }],
    ['/keys', { name: 'x', scopes: { profile: 'research' } }],
    ['/principals', { name: 'evil', kind: 'user' }],
    ['/roles', { holder: 'app', role: 'admin', on: '*' }],
    ['/roles', { holder: 'app', role: 'reader', on: 'model:*' }],
    ['/blocks', { kind: 'everything', reason: 'x' }],
  ];
  for (const [path, body] of tries) expect([400, 403], path).toContain((await app.api('POST', path, body)).status);
  const own = await app.api('POST', '/keys', { name: 'own', scopes: { models: ['*'] } });
  const response = await fetch(`${served.server.url}/api/v1/roles`, { headers: { authorization: `Bearer ${own.body.secret}` } });
  expect(response.status).toBe(403);
});

test('the document of the API names what there is', async () => {
  const { body } = await served.admin.api('GET', '/openapi.json');
  for (const path of ['/blocks', '/blocks/{id}', '/login', '/logout', '/session', '/sessions', '/keys/{id}/rotate'])
    expect(Object.keys(body.paths)).toContain(path);
});

import { connect } from 'node:net';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, chatEvents, eventText, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let openai: OpenAI;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1`, timeouts: { idleMs: 400, firstByteMs: 800 } }],
      models: { m: { targets: [{ upstream: 'local' }], retries: 0 } },
      // Why: the faults below would open its circuit.
      resilience: { failures: 1_000, minRequests: 100_000 },
      limits: { rules: [{ id: 'slots', per: 'principal', concurrency: 2 }] },
      maxBodyBytes: 200_000,
    },
  });
  openai = new OpenAI({ baseURL: `${served.server.url}/v1`, apiKey: served.admin.key, maxRetries: 0 });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
  models.answer = (_, response) => json(response, chatAnswer('Hello.'));
});

const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

async function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${served.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  return { status: response.status, text: await response.text() };
}

/** Sends bytes as they are and returns what comes back until the connection ends or `ms` pass. */
function raw(text: string, ms = 2_000): Promise<string> {
  return new Promise((settled) => {
    const { hostname, port } = new URL(served.server.url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('error', () => undefined);
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on('close', () => {
      clearTimeout(timer);
      settled(got);
    });
  });
}

test('requests that are none are refused with the reason, and reach nobody', async () => {
  const bodies: readonly (string | Uint8Array)[] = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"model":"m"}',
    '{"model":"m","messages":[]}',
    '{"model":"m","messages":"hi"}',
    '{"model":"m","messages":[1]}',
    '{"model":5,"messages":[{"role":"user","content":"hi"}]}',
    '{"model":"m","model":"n","messages":[{"role":"user","content":"hi"}]}',
    '{"model":"m\\u000a","messages":[{"role":"user","content":"hi"}]}',
    `{"model":"m","messages":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  ];
  for (const body of bodies) {
    const { status, text } = await post(body);
    expect(status, text).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'invalid_request_error' } });
  }
  const long = await post(JSON.stringify({ ...ask, user: 'x'.repeat(300_000) }));
  expect(long.status).toBe(413);
  expect(JSON.stringify(long)).toContain('input_too_large');
  expect((await post(JSON.stringify(ask), { 'content-encoding': 'gzip' })).status).toBe(400);
  expect((await post(JSON.stringify(ask), { 'x-cordon-session': 'a b' })).status).toBe(400);
  expect(models.got).toEqual([]);
});

test('what an upstream sends that is no answer is an error without a word of it', async () => {
  const answers: readonly ModelServer['answer'][] = [
    (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": SECRETWORD'),
    (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<b>SECRETWORD</b>'),
    (_, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<b>SECRETWORD</b>'),
    (_, response) => void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"key SECRETWORD"}}'),
    (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/SECRETWORD' }).end(),
    (_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('SECRETWORD'),
    (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: SECRETWORD\n\n'),
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xc3, 0x28, 0x0a, 0x0a])),
    (_, response) => void response.destroy(),
    () => undefined,
  ];
  for (const [index, answer] of answers.entries()) {
    models.answer = answer;
    const { status, text } = await post(JSON.stringify({ ...ask, stream: index === 6 || index === 7 }));
    expect(text, String(index)).not.toContain('SECRETWORD');
    if (status === 200) expect(text, String(index)).toContain('"error"');
    else expect([502, 504], `${index}: ${text}`).toContain(status);
  }
});

test('an error of the upstream is passed on, with what is personal replaced', async () => {
  models.answer = (_, response) =>
    json(response, { error: { message: 'bad input ann.smith@example.com', type: 'invalid_request_error', code: null, param: null } }, 422);
  const failure = await openai.chat.completions.create(ask).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OpenAI.UnprocessableEntityError);
  expect(String(failure)).toContain('bad input <EMAIL_1>');
});

test('a stream that breaks off or stalls ends with an error that clients see, and what was held back is dropped', async () => {
  for (const end of ['reset', 'stall'] as const) {
    models.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventText(chatEvents('First sentence. The key is AKIAQX3FLKJH').slice(0, -2)));
      if (end === 'reset') setTimeout(() => response.destroy(), 50);
    };
    let text = '';
    const reading = (async () => {
      for await (const { choices } of await openai.chat.completions.create({ ...ask, stream: true }))
        text += choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(text).toContain('First sentence.');
    expect(text).not.toContain('AKIA');
  }
});

test('a stream that ends in the middle, or is none, ends with an error; nothing is passed on behind its end', async () => {
  const piece = (delta: object, finish_reason: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const streams: Readonly<Record<string, { sent: string; isWhole: boolean }>> = {
    'as it should be': { sent: `${piece({ content: 'Hi' })}${piece({}, 'stop')}data: [DONE]\n\n`, isWhole: true },
    'without the mark of its end': { sent: `${piece({ content: 'Hi' })}${piece({}, 'stop')}`, isWhole: true },
    'without a reason for its end': { sent: `${piece({ content: 'Hi' })}data: [DONE]\n\n`, isWhole: true },
    'that broke off': { sent: piece({ content: 'Hi' }), isWhole: false },
    'of no events': { sent: 'lorem ipsum\nSECRETWORD\n\n', isWhole: false },
    'of nothing': { sent: '', isWhole: false },
  };
  for (const [name, { sent, isWhole }] of Object.entries(streams)) {
    models.answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sent);
    const { text } = await post(JSON.stringify({ ...ask, stream: true }));
    if (isWhole) expect(text, name).toBe(sent);
    else expect(text, name).toMatch(/^(?::\n\n|data: .*"content":"Hi".*\n\n)?data: \{"error":\{.*"code":"upstream_failed"\}\}\n\n$/);
  }
  const whole = streams['as it should be']!.sent;
  for (const behind of ['data: [DONE]\n\n', piece({ content: 'SECRETWORD' }), 'data: SECRETWORD\n\n']) {
    models.answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(whole + behind);
    expect((await post(JSON.stringify({ ...ask, stream: true }))).text).toBe(whole);
  }
});

test('a client that leaves ends the request upstream, and its slot is free', async () => {
  let closed = 0;
  models.answer = (_, response) => {
    response.on('close', () => closed++);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(eventText([chatEvents('word. ')[1]])), 20);
    response.on('close', () => clearInterval(timer));
  };
  for (let round = 0; round < 5; round++) {
    const controller = new AbortController();
    const stream = await openai.chat.completions.create({ ...ask, stream: true }, { signal: controller.signal });
    for await (const _ of stream) break;
    controller.abort();
    await expect.poll(() => closed).toBe(round + 1);
  }
  models.answer = (_, response) => json(response, chatAnswer('Hello.'));
  await Promise.all([openai.chat.completions.create(ask), openai.chat.completions.create(ask)]);
});

test('more at the same time than is allowed is told when to come again', async () => {
  const waiting: (() => void)[] = [];
  models.answer = (_, response) => void waiting.push(() => json(response, chatAnswer('Hello.')));
  const first = [openai.chat.completions.create(ask), openai.chat.completions.create(ask)];
  await expect.poll(() => waiting.length).toBe(2);
  const refused = await openai.chat.completions.create(ask).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
  expect((refused as InstanceType<typeof OpenAI.RateLimitError>).headers.get('retry-after')).toMatch(/^\d+$/);
  for (const answer of waiting) answer();
  await Promise.all(first);
});

test('what is not the plain address of a route reaches nothing', async () => {
  const headers = `authorization: Bearer ${served.admin.key}\r\ncontent-length: 0\r\nconnection: close\r\n`;
  const targets = [
    '/v1/../api/v1/keys',
    '/v1//chat/completions',
    '/v1/chat/completions/',
    '/v1/chat%2fcompletions',
    '/v1/proxy/x',
    '/anthropic/../hf/api',
    '/v1/%2e%2e/readyz',
    '/v1',
  ];
  for (const target of targets) {
    const answer = await raw(`POST ${target} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
    expect(answer, target).toMatch(/^HTTP\/1\.1 404 /);
  }
  for (const host of ['evil.example', 'a@b', '127.0.0.1:1/v1/chat/completions#']) {
    const body = JSON.stringify(ask);
    const answer = await raw(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer cordon_x\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
    expect(answer, host).toMatch(/^HTTP\/1\.1 40[01] /);
  }
  expect(models.got).toEqual([]);
});

test('two lengths, two credentials and bodies in disguise are no request', async () => {
  const key = served.admin.key;
  const body = JSON.stringify(ask);
  const start = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`;
  for (const odd of [
    `authorization: Bearer ${key}\r\ncontent-length: ${body.length}\r\ntransfer-encoding: chunked\r\n`,
    `authorization: Bearer ${key}\r\ncontent-length: ${body.length}\r\ncontent-length: 3\r\n`,
    `authorization: Bearer ${key}\r\nauthorization: Bearer cordon_other\r\ncontent-length: ${body.length}\r\n`,
    `authorization: Bearer ${key}\r\nx-api-key: cordon_other\r\ncontent-length: ${body.length}\r\n`,
    `authorization: Bearer x' OR '1'='1\r\ncontent-length: ${body.length}\r\n`,
    `host: y\r\nauthorization: Bearer ${key}\r\ncontent-length: ${body.length}\r\n`,
  ]) {
    const answer = await raw(`${start}${odd}\r\n${body}`);
    expect(answer, odd).toMatch(/^HTTP\/1\.1 40[01] /);
  }
  expect(models.got).toEqual([]);
});

test('a body is sent chunked, or as it is, and in no other coding', async () => {
  const body = JSON.stringify(ask);
  const start = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${served.admin.key}\r\nconnection: close\r\n`;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  for (const coding of ['identity, chunked', 'gzip, chunked', 'chunked, chunked', 'xchunked', 'chunked, identity'])
    expect(await raw(`${start}transfer-encoding: ${coding}\r\n\r\n${chunked}`), coding).toMatch(/^HTTP\/1\.1 400 /);
  expect(models.got).toEqual([]);
  expect(await raw(`${start}transfer-encoding: Chunked\r\n\r\n${chunked}`)).toMatch(/^HTTP\/1\.1 200 /);
});

test('whatever a client calls its body, it reaches the model as what was read', async () => {
  for (const type of [
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
  ])
    expect((await post(JSON.stringify(ask), { 'content-type': type })).status, type).toBe(200);
  expect(new Set(models.got.map(({ headers }) => headers['content-type']))).toEqual(new Set(['application/json']));
});

test('a stop counts for what is under way', async () => {
  models.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(eventText([chatEvents('word. ')[1]])), 20);
    response.on('close', () => clearInterval(timer));
  };
  const stream = await openai.chat.completions.create({ ...ask, stream: true });
  const { body: stopped } = await served.admin.api('POST', '/blocks', { kind: 'model', value: 'm', reason: 'test' });
  const reading = (async () => {
    for await (const _ of stream) continue;
  })();
  await expect(reading).rejects.toMatchObject({ type: 'permission_error', code: 'gateway_stopped' });
  await expect(openai.chat.completions.create(ask)).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect(stopped).toMatchObject({ id: expect.any(String) });
});

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Somebody, type Served } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let greedy: Somebody;

beforeAll(async () => {
  models = await modelServer((_, response) => json(response, chatAnswer('Hello.')));
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }] } },
      maxBodyBytes: 500_000,
      maxWaitingBytes: 2_000_000,
      maxSpoolBytes: 2_000_000,
    },
  });
  greedy = await served.person('greedy', 'reader@*');
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

/** Begins a request, sends so much of its body and goes on no more; `status` is that of an answer, 0 while there is none. */
function begin(path: string, type: string, body: string | Buffer, key: string): { readonly socket: Socket; status: number } {
  const { hostname, port } = new URL(served.server.url);
  const socket = connect(Number(port), hostname);
  const made = { socket, status: 0 };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (made.status ||= Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString())?.[1] ?? 0)));
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\ncontent-length: 499999\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
  return made;
}

const ask = { model: 'm', messages: [{ role: 'user', content: 'Hello there.' }] };
async function isServed(path: string, body: string | FormData): Promise<number> {
  const headers = { authorization: `Bearer ${served.admin.key}` };
  const response = await fetch(`${served.server.url}${path}`, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return response.status;
}

test('bodies that never end take no more memory than there is for them, and nobody else is locked out', { timeout: 30_000 }, async () => {
  const begun = Array.from({ length: 12 }, () => begin('/v1/chat/completions', 'application/json', Buffer.alloc(400_000, ' '), greedy.key));
  await expect.poll(() => begun.filter(({ status }) => status === 503).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(10);
  expect(await isServed('/v1/chat/completions', JSON.stringify(ask))).toBe(200);
  for (const { socket } of begun) socket.destroy();
  await expect
    .poll(
      async () => {
        const one = begin('/v1/chat/completions', 'application/json', Buffer.alloc(499_999, ' '), greedy.key);
        await expect.poll(() => one.status, { timeout: 5_000 }).not.toBe(0);
        one.socket.destroy();
        return one.status;
      },
      { timeout: 10_000 },
    )
    .toBe(400);
});

test('the same for files on the disk', { timeout: 30_000 }, async () => {
  const start = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
  const type = 'multipart/form-data; boundary=b';
  const begun = Array.from({ length: 6 }, () => begin('/v1/audio/transcriptions', type, start + 'x'.repeat(400_000), greedy.key));
  await expect.poll(() => begun.filter(({ status }) => status === 503).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
  const form = new FormData();
  form.set('model', 'm');
  form.set('file', new Blob(['RIFF']), 'a.wav');
  models.answer = (_, response) => json(response, { text: 'Hello.' });
  expect(await isServed('/v1/audio/transcriptions', form)).toBe(200);
  for (const { socket } of begun) socket.destroy();
});

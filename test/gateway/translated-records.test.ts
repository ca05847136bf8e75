import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, chatEvents, events, eventText, json, message, messageEvents, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` },
        { id: 'claude', kind: 'anthropic', url: models.origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
      ],
      models: {
        chat: { targets: [{ upstream: 'local' }], retries: 0 },
        claude: { targets: [{ upstream: 'claude' }], retries: 0 },
        kept: { targets: [{ upstream: 'claude' }], retries: 0, cache: { when: 'always' } },
      },
    },
  });
  openai = new OpenAI({ baseURL: `${served.server.url}/v1`, apiKey: served.admin.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: `${served.server.url}/anthropic`, apiKey: served.admin.key, maxRetries: 0 });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

const messages = [{ role: 'user' as const, content: 'hi' }];

/** The usage in the newest of so many records. */
// oxlint-disable-next-line typescript/no-explicit-any -- a record
async function newest(count: number): Promise<any> {
  // oxlint-disable-next-line typescript/no-explicit-any -- records
  let items: any[] = [];
  await vi.waitFor(
    async () => {
      const { body } = await served.admin.api('GET', '/exchanges');
      items = Array.isArray(body) ? body : (body.exchanges ?? body.items);
      expect(items).toHaveLength(count);
    },
    { timeout: 10_000 },
  );
  return items[0];
}

test('tokens are counted as the provider says, and estimated where nobody does', async () => {
  models.answer = (_, response) => json(response, message([{ type: 'text', text: 'Hello.' }]));
  await openai.chat.completions.create({ model: 'claude', messages });
  expect((await newest(1)).usage).toMatchObject({ inputTokens: 10, outputTokens: 5, measured: true });

  // Nobody asks for the count: chat has none then, and neither has the record one that was measured.
  models.answer = (_, response) => events(response, chatEvents('Hello there, how are you today?'));
  await anthropic.messages.stream({ model: 'chat', max_tokens: 10, messages }).finalMessage();
  const estimated = (await newest(2)).usage;
  expect(estimated).toMatchObject({ measured: false });
  expect(Math.min(estimated.inputTokens, estimated.outputTokens)).toBeGreaterThan(0);

  const usage = { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 };
  const counted = { id: 'x', object: 'chat.completion.chunk', model: 'm', choices: [], usage };
  models.answer = (_, response) => events(response, [...chatEvents('Hello.').slice(0, -1), counted, '[DONE]']);
  await anthropic.messages.stream({ model: 'chat', max_tokens: 10, messages }).finalMessage();
  expect((await newest(3)).usage).toMatchObject({ inputTokens: 20, outputTokens: 7, measured: true });

  models.answer = (_, response) => json(response, { ...chatAnswer('Hello.'), usage: undefined });
  await anthropic.messages.create({ model: 'chat', max_tokens: 10, messages });
  expect((await newest(4)).usage).toMatchObject({ measured: false });
});

test('a client that leaves in the middle has still used what was sent, and the request upstream ends', async () => {
  let isClosed = false;
  models.answer = (_, response) => {
    response.on('close', () => (isClosed = true));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText(chatEvents('Some words and some more words. ').slice(0, -2)));
  };
  const headers = { 'x-api-key': served.admin.key, 'content-type': 'application/json' };
  const asked = request(`${served.server.url}/anthropic/v1/messages`, { method: 'POST', headers });
  asked.on('error', () => undefined);
  asked.end(JSON.stringify({ model: 'chat', max_tokens: 10, messages, stream: true }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(String(await once(response, 'data'))).toContain('message_start');
  asked.destroy();
  await expect.poll(() => isClosed).toBe(true);
  const { outcome, usage } = await newest(5);
  expect(outcome).toBe('aborted');
  expect(usage).toMatchObject({ measured: false });
  expect(usage.inputTokens).toBeGreaterThan(0);
});

test('what comes from the cache is translated again', async () => {
  models.got.length = 0;
  models.answer = (_, response) => events(response, messageEvents('Ask bob.jones@example.org. Bye.'), true);
  const ask = () => openai.chat.completions.stream({ model: 'kept', messages }).finalChatCompletion();
  const [first, second] = [await ask(), await ask()];
  expect(models.got).toHaveLength(1);
  expect(second.choices[0]!.message.content).toBe('Ask <EMAIL_1>. Bye.');
  expect(second.choices).toEqual(first.choices);
});

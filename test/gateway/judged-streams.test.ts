import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatEvents, events, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let judge: Server;
/** What the judge was shown. */
const shown: string[] = [];
/** What stops the call before the judge has answered. */
let meanwhile: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  models = await modelServer((_, response) => events(response, chatEvents('The harmful sentence of this answer.')));
  judge = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
      const { input } = JSON.parse(text) as { input: string | string[] };
      const inputs = [input].flat();
      shown.push(...inputs);
      await meanwhile();
      const results = inputs.map((one) => {
        const flagged = one.includes('harmful sentence');
        return {
          flagged,
          categories: { violence: flagged },
          category_scores: { hate: 0, 'self-harm': 0, sexual: 0, violence: flagged ? 0.99 : 0.01 },
        };
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'x', model: 'm', results }));
    })();
  });
  await new Promise<void>((settled) => judge.listen(0, '127.0.0.1', settled));
  const url = `http://127.0.0.1:${(judge.address() as AddressInfo).port}/v1`;
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }], retries: 0 } },
    },
    guard: { profiles: { default: { moderation: [{ id: 'outside', provider: 'openai', url, apiKey: { env: 'PATH' } }] } } },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
  judge?.close();
});

async function ask(route: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${served.admin.key}` };
  const response = await fetch(`${served.server.url}${route}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'm', stream: true, ...body }),
  });
  return response.text();
}
const CHAT = '/v1/chat/completions';
const hi = { messages: [{ role: 'user', content: 'hi' }] };

test('judges read a streamed answer as it was said, and what they refuse is not passed on', async () => {
  const text = await ask(CHAT, hi);
  expect(shown).toContain('The harmful sentence of this answer.');
  expect(text).toContain('content_filter');
  expect(text).not.toContain('harmful');
});

test('what judges allow is passed on, tool calls and whole items as well', async () => {
  const call = { index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":"b"}' } };
  const chunk = (delta: object, finish_reason: string | null) => ({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });
  models.answer = (_, response) => events(response, [chunk({ tool_calls: [call] }, null), chunk({}, 'tool_calls'), '[DONE]']);
  expect(await ask(CHAT, hi)).toContain('\\"a\\"');
  const item = {
    type: 'message',
    id: 'i',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Fine words.', annotations: [] }],
  };
  models.answer = (_, response) =>
    events(response, [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', output: [item] } },
    ]);
  expect(await ask('/v1/responses', { input: 'hi' })).toContain('Fine words.');
  expect(shown.filter((one) => one === 'Fine words.')).toHaveLength(1);
});

test('a stop that comes while a request is looked at keeps it from being sent', async () => {
  models.got.length = 0;
  meanwhile = async () => {
    meanwhile = async () => undefined;
    expect((await served.admin.api('POST', '/blocks', { kind: 'model', value: 'm', reason: 'now' })).status).toBeLessThan(300);
  };
  expect(await ask(CHAT, hi)).toContain('stopped by an operator');
  expect(models.got).toEqual([]);
});

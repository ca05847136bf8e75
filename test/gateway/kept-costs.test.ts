import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { events, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }], retries: 0 } },
      limits: { rules: [{ id: 'each', per: 'model', tokens: { count: 100_000, per: 'hour' } }] },
      maxContextTokens: 200_000,
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

async function post(more: object): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ model: 'm', input: 'hi', max_output_tokens: 10, ...more });
  const response = await fetch(`${served.server.url}/v1/responses`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}
const answer = (id: string, tokens?: number) => ({
  id,
  object: 'response',
  status: 'completed',
  model: 'm',
  output: [{ type: 'message', id: `msg_${id}`, role: 'assistant', content: [{ type: 'output_text', text: 'Hello.', annotations: [] }] }],
  ...(tokens !== undefined && { usage: { input_tokens: 10, output_tokens: tokens - 10, total_tokens: tokens } }),
});

test('a conversation that goes on at the provider is reserved as long as it is', async () => {
  models.answer = (_, response) => json(response, answer('resp_short', 20));
  expect((await post({})).status).toBe(200);
  expect((await post({ previous_response_id: 'resp_short' })).status).toBe(200);
  models.answer = (_, response) => json(response, answer('resp_long', 60_000));
  expect((await post({})).status).toBe(200);
  models.got.length = 0;
  expect((await post({ previous_response_id: 'resp_long' })).status).toBe(429);
  expect((await post({ input: [{ type: 'item_reference', id: 'msg_resp_long' }] })).status).toBe(429);
  expect(models.got).toEqual([]);
  models.answer = (_, response) => json(response, answer('resp_short2', 20));
  expect((await post({ previous_response_id: 'resp_short' })).status).toBe(200);
});

test('so is one that was streamed, and one of which nobody knows how long it is as long as it may be', async () => {
  models.answer = (_, response) =>
    events(response, [
      { type: 'response.created', response: { ...answer('resp_s'), status: 'in_progress', output: [] } },
      { type: 'response.completed', response: answer('resp_s', 20) },
    ]);
  expect((await post({ stream: true })).status).toBe(200);
  models.answer = (_, response) => json(response, answer('resp_t'));
  expect((await post({ previous_response_id: 'resp_s' })).status).toBe(200);
  expect((await post({ previous_response_id: 'resp_t' })).status).toBe(429);
  expect((await post({ prompt: { id: 'pmpt_1' } })).status).toBe(200);
});

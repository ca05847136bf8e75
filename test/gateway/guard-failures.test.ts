import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer((_, response) => json(response, chatAnswer('Hello.')));
  const moderation = { id: 'outside', provider: 'openai', url: 'http://127.0.0.1:9/v1', apiKey: { env: 'PATH' }, timeoutMs: 300 };
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { closed: { targets: [{ upstream: 'local' }] }, open: { targets: [{ upstream: 'local' }], profile: 'lenient' } },
      // Why: whoever has bad luck is not to be locked out besides.
      defence: { rules: [{ id: 'any', when: { count: 1 }, per: 'key', action: 'block', for: '1h' }] },
    },
    guard: {
      profiles: {
        default: { moderation: [moderation] },
        lenient: { extends: 'default', moderation: [{ ...moderation, failure: 'allow' }] },
      },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

async function ask(model: string): Promise<number> {
  const answer = await fetch(`${served.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello.' }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

test('a judge that fails is decided by its policy, and records and metrics tell it from one that objects', async () => {
  expect([await ask('closed'), await ask('open'), await ask('closed')]).toEqual([400, 200, 400]);
  await expect
    .poll(async () => (await served.admin.api('GET', '/exchanges')).body, { timeout: 10_000 })
    .toMatchObject([
      { outcome: 'blocked', request: { effect: 'block', rules: expect.arrayContaining(['guard.failed']) } },
      { outcome: 'served', request: { effect: 'allow', rules: expect.arrayContaining(['guard.failed']) } },
      { outcome: 'blocked', request: { effect: 'block', rules: ['outside', 'guard.failed'] } },
    ]);
  const metrics = await (await fetch(`${served.server.url}/metrics`)).text();
  expect(metrics).toMatch(/^cordon_gateway_guard_rules_total\{direction="request",rule="guard.failed"\} 3$/m);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer((_, response) => json(response, chatAnswer('Hello.')));
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }] } },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

async function post(messages: readonly object[]): Promise<number> {
  models.got.length = 0;
  const response = await fetch(`${served.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}` },
    body: JSON.stringify({ model: 'm', messages }),
  });
  await response.text();
  return response.status;
}
const user = (content: unknown) => ({ role: 'user', content });

test('arguments of which thousands of texts are replaced are written once', async () => {
  const list = Array.from({ length: 3_000 }, (_, at) => `user${at}@example.com`);
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: JSON.stringify({ list }) } };
  const started = performance.now();
  expect(await post([user('hi'), { role: 'assistant', content: null, tool_calls: [call] }, user('hi')])).toBe(200);
  // Why so long: it takes a second at most, and took minutes where it was written for each.
  expect(performance.now() - started).toBeLessThan(15_000);
  const sent = models.got[0]!.body.messages[1].tool_calls[0].function.arguments as string;
  expect(JSON.parse(sent).list).toHaveLength(3_000);
  expect(sent).not.toContain('@');
}, 60_000);

test('more texts, or longer ones, than anybody reads are refused before anybody looks at them', async () => {
  expect(await post([user(Array.from({ length: 20_001 }, () => ({ type: 'text', text: 'hi' })))])).toBe(413);
  expect(await post(Array.from({ length: 5 }, () => user('a word '.repeat(130_000))))).toBe(413);
  expect(models.got).toEqual([]);
  const url = `data:image/png;base64,iVBORw0KGgo${'A'.repeat(6_000_000)}`;
  expect(await post([user([{ type: 'image_url', image_url: { url } }])])).toBe(200);
}, 60_000);

test('parts over whose borders something is replaced are joined once', async () => {
  const calm = 'The river runs through the old town and on to the sea. '.split(' ');
  const prose = (from: number): string => Array.from({ length: 500 }, (_, at) => calm[(from + at * 7) % calm.length]).join(' ');
  const parts = Array.from({ length: 300 }, (_, at) => ({
    type: 'text',
    text: `${at > 0 ? 'ple.com ' : ''}${prose(at)} ${at} user${at}@exam`,
  }));
  const started = performance.now();
  expect(await post([user(parts)])).toBe(200);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(models.got[0]!.body.messages[0].content).toHaveLength(1);
  expect(models.got[0]!.bytes.toString()).not.toContain('ple.com');
}, 60_000);

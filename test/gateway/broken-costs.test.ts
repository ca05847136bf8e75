import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, chatEvents, eventText, json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1`, timeouts: { firstByteMs: 1_500 } }],
      models: { m: { targets: [{ upstream: 'local' }], retries: 0 } },
      resilience: { failures: 1_000, minRequests: 100_000 },
      limits: { rules: [{ id: 'money', per: 'principal', budget: { usd: 1, per: 'total' } }] },
      prices: { models: [{ model: 'm', input: 0, output: 1 }] },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

const ask = { model: 'm', max_tokens: 5_000, messages: [{ role: 'user', content: 'hi' }] };

const LONG = Array.from({ length: 130 }, (_, line) => `Line ${line} is fine. `).join('');

/** Asks, leaves after so many milliseconds, and returns what was written down of it. */
async function costOf(
  more: object,
  leaveAfter?: number,
): Promise<{ costMicros: number; outcome: string; usage: { outputTokens: number } }> {
  models.got.length = 0;
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json' };
  const asked = fetch(`${served.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...ask, ...more }),
    signal: leaving.signal,
  }).then((response) => response.text());
  if (leaveAfter !== undefined) {
    await expect.poll(() => models.got.length).toBe(1);
    await sleep(leaveAfter);
    leaving.abort();
  }
  await asked.catch(() => undefined);
  const newest = async () => (await served.admin.api('GET', '/exchanges?limit=1')).body[0];
  await expect.poll(async () => (await newest())?.id ?? '', { timeout: 5_000 }).not.toBe(last);
  const record = await newest();
  last = record.id;
  return record;
}
let last = '';

test('whoever leaves before a whole answer is there pays for all that it may have come to: the model goes on', async () => {
  models.answer = () => undefined;
  expect(await costOf({}, 100)).toMatchObject({ outcome: 'aborted', costMicros: 5_000 });
  expect(await costOf({ n: 2 }, 100)).toMatchObject({ outcome: 'aborted', costMicros: 10_000 });
});

test('a whole answer that is too late was made for money', async () => {
  models.answer = () => undefined;
  expect(await costOf({})).toMatchObject({ costMicros: 5_000 });
});

test('whoever leaves a stream pays for what came, and for the time in which the model may have thought', async () => {
  models.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText([chatEvents('')[0]]));
  };
  const { costMicros } = await costOf({ stream: true }, 1_000);
  expect(costMicros).toBeGreaterThan(80);
  expect(costMicros).toBeLessThan(400);
  models.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText(chatEvents(LONG.slice(0, 600)).slice(0, -2)));
  };
  const spoken = await costOf({ stream: true }, 1_000);
  expect(spoken.usage.outputTokens).toBeGreaterThanOrEqual(150);
  expect(spoken.usage.outputTokens).toBeLessThan(250);
});

test('what a provider refuses costs nothing of that', async () => {
  models.answer = (_, response) => json(response, { error: { message: 'no' } }, 401);
  expect((await costOf({})).costMicros).toBe(0);
  models.answer = (_, response) => json(response, { error: { message: 'no' } }, 400);
  expect((await costOf({})).costMicros).toBe(0);
});

test.each([
  ['a count of nothing is none', LONG],
  // It is withheld for what it repeats.
  ['an answer that is withheld was made', 'A word and another. '.repeat(100)],
])('%s', async (_name, text) => {
  models.answer = (_, response) =>
    json(response, {
      ...chatAnswer(text),
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    });
  expect((await costOf({})).costMicros).toBeGreaterThan(400);
});

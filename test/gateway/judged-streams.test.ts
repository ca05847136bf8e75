import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { Config } from '../../src/core/config.ts';
import { chatEvents, events, eventText, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let judge: Server;
let config: { readonly gateway: object; readonly guard: object };
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
  config = {
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }], retries: 0 } },
    },
    guard: { profiles: { default: { moderation: [moderation()] } } },
  };
  served = await serve(config);
});
afterAll(async () => {
  await served?.close();
  await models?.close();
  judge?.close();
});

function moderation(): object {
  const url = `http://127.0.0.1:${(judge.address() as AddressInfo).port}/v1`;
  return { id: 'outside', provider: 'openai', url, apiKey: { env: 'PATH' } };
}

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

test('a stream that judges read flows: a sentence is with the client before the next is said', async () => {
  const [first, second] = ['This is the first sentence of a long answer about soup and bread and rice. '.repeat(4), 'And the second one.'];
  let goOn = (): void => undefined;
  const waits = new Promise<void>((settle) => (goOn = settle));
  models.answer = async (_, response) => {
    const [head, ...list] = chatEvents(first + second, first.length);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText([head, list[0]]));
    await waits;
    response.end(eventText(list.slice(1)));
  };
  const response = await fetch(`${served.server.url}${CHAT}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}` },
    body: JSON.stringify({ model: 'm', stream: true, ...hi }),
  });
  let text = '';
  let hasFirst = false;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(piece).toString();
    if (hasFirst || !text.includes(first.trim())) continue;
    hasFirst = true;
    expect(shown.at(-1)).toBe(first.trimEnd() === shown.at(-1) ? first.trimEnd() : first);
    goOn();
  }
  expect(hasFirst).toBe(true);
  expect(text).toContain(second);
  expect(text).toContain('[DONE]');
});

test('a harmful sentence in the middle ends a stream that has begun, in a form that clients know', async () => {
  const fine = 'This sentence is about soup and bread and many other fine things to eat at home. ';
  models.answer = (_, response) => events(response, chatEvents(`${fine.repeat(4)}The harmful sentence of this answer. ${fine}`));
  const text = await ask(CHAT, hi);
  expect(text).toContain('soup');
  expect(text).toContain('content_filter');
  expect(text).not.toContain('harmful');
});

test('judges that are late, fail or are asked about all of it', async () => {
  models.answer = (_, response) => events(response, chatEvents('Fine words about soup. And more of them.', 23));
  const hold = { windowCharacters: 10, deadlineMs: 100 };
  await served.server.reconfigure(Config.parse({ ...config, gateway: { ...config.gateway, guard: { hold } } }));
  // Why only answers: requests wait for judges as long as these say themselves.
  let asked = 0;
  meanwhile = async () => void (asked++ > 0 && (await new Promise((settle) => setTimeout(settle, 500))));
  const late = await ask(CHAT, hi);
  expect(late).toContain('content_filter');
  expect(late).not.toContain('soup');
  meanwhile = async () => undefined;
  for (const judges of ['full', 'exact', 'sentence']) {
    await served.server.reconfigure(Config.parse({ ...config, gateway: { ...config.gateway, guard: { hold: { ...hold, judges } } } }));
    shown.length = 0;
    expect(await ask(CHAT, { messages: [{ role: 'user', content: `hi ${judges}` }] })).toContain('"stop"');
    const words = shown.filter((one) => one.includes('words') || one.includes('more'));
    expect(words.join('')).toBe(judges === 'exact' ? '' : 'Fine words about soup. And more of them.');
    if (judges === 'full') expect(words).toHaveLength(1);
  }
});

describe('what judges replace is replaced wherever a stream says it', () => {
  const text = 'The harmful sentence of this answer.';
  const long = `${'This is all about soup and bread and rice, as you know. '.repeat(5)}${text}`;

  test.each([
    ['a short text', text, 8],
    ['a text of several windows', long, 8],
    ['a text that comes as one', text, 1_000],
    ['a text that only comes as a whole, several times', text, 0],
  ])('%s', async (_, said, size) => {
    const profiles = { default: { moderation: [{ ...moderation(), mode: 'redact' }] } };
    await served.server.reconfigure(Config.parse({ ...config, guard: { profiles } }));
    const item = {
      type: 'message',
      id: 'i',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: said, annotations: [] }],
    };
    const call = { type: 'function_call', id: 'f', call_id: 'c', name: 'f', arguments: JSON.stringify({ a: text }) };
    const of = { item_id: 'i', output_index: 0, content_index: 0 };
    const pieces = size === 0 ? [] : said.match(new RegExp(`.{1,${size}}`, 'g'))!;
    models.answer = (_unused, response) =>
      events(response, [
        { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [], status: 'in_progress' } },
        ...pieces.map((delta) => ({ type: 'response.output_text.delta', ...of, delta })),
        { type: 'response.output_text.done', ...of, text: said },
        { type: 'response.content_part.done', ...of, part: { type: 'output_text', text: said, annotations: [] } },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
        { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 1, delta: call.arguments },
        { type: 'response.function_call_arguments.done', item_id: 'f', output_index: 1, arguments: call.arguments },
        { type: 'response.output_item.done', output_index: 1, item: call },
        { type: 'response.completed', response: { id: 'r', status: 'completed', output: [item, call] } },
      ]);
    shown.length = 0;
    const answer = await ask('/v1/responses', { input: 'hi' });
    expect(answer).toContain('response.completed');
    expect(answer).toContain('<violence_1>');
    expect(answer).not.toContain('harmful');
    const harmful = shown.filter((one) => one.includes('harmful'));
    expect(new Set(harmful).size).toBe(harmful.length);
  });
});

test('a long call of a tool is waited for, however much of it is held back', async () => {
  await served.server.reconfigure(Config.parse(config));
  const chunk = (delta: object, finish_reason: string | null = null): string => {
    const choices = [{ index: 0, delta, finish_reason }];
    // Spaces, so that a few pieces are more than is held back while judges are asked.
    return JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices }) + ' '.repeat(30_000);
  };
  const call = (more: object, said: string) => ({ tool_calls: [{ index: 0, ...more, function: { ...more, arguments: said } }] });
  const pieces = Array.from({ length: 100 }, (_, at) => `${at},`);
  models.answer = (_, response) =>
    events(response, [
      chunk({ tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":[' } }] }),
      ...[...pieces, '0]}'].map((said) => chunk(call({}, said))),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]);
  const text = await ask(CHAT, hi);
  expect(text).toContain('99,');
  expect(text).toContain('[DONE]');
});

test('who has left holds no place of a judge, and counts as nobody who was refused', async () => {
  await served.server.reconfigure(Config.parse(config));
  models.answer = (_, response) => events(response, chatEvents('Fine words about soup.'));
  let asked = 0;
  meanwhile = async () => void (asked++ < 8 && (await new Promise((settle) => setTimeout(settle, 20_000).unref())));
  const headers = { authorization: `Bearer ${served.admin.key}` };
  const left = Array.from({ length: 12 }, async (_, at) => {
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `Hello number ${at}` }] });
    await fetch(`${served.server.url}${CHAT}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(300) }).catch(() => undefined);
  });
  await Promise.all(left);
  const began = performance.now();
  expect(await ask(CHAT, { messages: [{ role: 'user', content: 'Hello to the last one' }] })).toContain('"stop"');
  expect(performance.now() - began).toBeLessThan(1_500);
  meanwhile = async () => undefined;
  await expect
    .poll(async () => {
      const list = (await served.admin.api('GET', '/exchanges?limit=9')).body as { outcome: string }[];
      return list.map(({ outcome }) => outcome);
    })
    .not.toContain('blocked');
});

test('a stop that comes while a request is looked at keeps it from being sent', async () => {
  await served.server.reconfigure(Config.parse(config));
  models.got.length = 0;
  meanwhile = async () => {
    meanwhile = async () => undefined;
    expect((await served.admin.api('POST', '/blocks', { kind: 'model', value: 'm', reason: 'now' })).status).toBeLessThan(300);
  };
  expect(await ask(CHAT, hi)).toContain('stopped by an operator');
  expect(models.got).toEqual([]);
});

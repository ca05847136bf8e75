import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, json, message, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  process.env.CORDON_TEST_MODEL_KEY = 'upstream-secret-value';
  models = await modelServer();
  const apiKey = 'env:CORDON_TEST_MODEL_KEY';
  served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1`, apiKey },
        { id: 'claude', kind: 'anthropic', url: models.origin, apiKey, allowPrivateNetwork: true },
      ],
      models: {
        m: { targets: [{ upstream: 'local' }] },
        other: { targets: [{ upstream: 'local', model: 'named' }] },
        c: { targets: [{ upstream: 'claude' }] },
        kept: { targets: [{ upstream: 'local' }], cache: { when: 'always' } },
      },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
  models.answer = (_, response) => json(response, chatAnswer('Hello.'));
});

async function post(path: string, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json' };
  return (await fetch(`${served.server.url}${path}`, { method: 'POST', headers, body })).text();
}

/** Numbers as nobody writes them by accident. */
const NUMBERS = '[12345678901234567890,9007199254740993,-0,1e400,-1E-400,1.0,0.10,5e-05,1E+2,0.1000000000000000055511151231257827]';
const numbersIn = (text: string) => text.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g);

test.each([
  ['where a text is replaced', 'm', 'I am ann.smith@example.com'],
  ['where the model has another name', 'other', 'Hi.'],
])('numbers of a request are sent as they came %s', async (_, model, content) => {
  const schema = `{"type":"object","properties":{"n":{"type":"number","enum":${NUMBERS},"maximum":1.0}}}`;
  const tool = `{"type":"function","function":{"name":"f","parameters":${schema}}}`;
  await post(
    '/v1/chat/completions',
    `{"model":"${model}","temperature":0.70,"seed":-0,"messages":[{"role":"user","content":"${content}"}],"tools":[${tool}],"x":{"n":${NUMBERS}}}`,
  );
  const sent = models.got[0]!.bytes.toString();
  expect(sent).not.toContain('ann.smith');
  expect(sent).toContain(schema);
  expect(sent).toContain(`"x":{"n":${NUMBERS}}`);
  expect(sent).toContain('"temperature":0.70,"seed":-0,');
});

test('numbers of an answer come as they were sent, whole and streamed, beside texts that are replaced', async () => {
  const args = JSON.stringify(`{"to":"bob.jones@example.org","n":${NUMBERS}}`);
  const call = `{"id":"call_1","type":"function","function":{"name":"f","arguments":${args}}}`;
  const text = `{"id":"chatcmpl-1","object":"chat.completion","created":1.0,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Ask bob.jones@example.org.","tool_calls":[${call}]},"finish_reason":"stop","x":${NUMBERS}}]}`;
  models.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  const ask = '{"model":"m","messages":[{"role":"user","content":"Hi."}]';
  const whole = await post('/v1/chat/completions', `${ask}}`);
  expect(whole).not.toContain('bob.jones');
  expect(whole).toContain(`"x":${NUMBERS}`);
  expect(whole).toContain(`\\"n\\":${NUMBERS}`);
  expect(whole).toContain('"created":1.0');
  const event = `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","x":${NUMBERS},"choices":[{"index":0,"delta":{"content":"Ask bob.jones@example.org now."},"finish_reason":"stop"}]}`;
  models.answer = (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${event}\n\ndata: [DONE]\n\n`);
  const streamed = await post('/v1/chat/completions', `${ask},"stream":true}`);
  expect(streamed).not.toContain('bob.jones');
  expect(streamed).toContain(`"x":${NUMBERS}`);
});

test('numbers of tools are translated as they came, there and back', async () => {
  const input = `{"n":${NUMBERS}}`;
  models.answer = (_, response) => {
    const body = JSON.stringify(message([{ type: 'tool_use', id: 't1', name: 'f', input: 'INPUT' }], 'tool_use')).replace('"INPUT"', input);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };
  const made = `{"id":"a","type":"function","function":{"name":"f","arguments":${JSON.stringify(input)}}}`;
  const tool = `{"type":"function","function":{"name":"f","parameters":{"type":"object","enum":${NUMBERS}}}}`;
  const turns = `{"role":"user","content":"Hi."},{"role":"assistant","tool_calls":[${made}]},{"role":"tool","tool_call_id":"a","content":"x"}`;
  const answer = await post('/v1/chat/completions', `{"model":"c","messages":[${turns}],"tools":[${tool}]}`);
  expect(answer).toContain(JSON.stringify(input).slice(1, -1));
  expect(models.got[0]!.bytes.toString()).toContain(`"input":${input}`);
  expect(models.got[0]!.bytes.toString()).toContain(`"enum":${NUMBERS}`);
  models.got.length = 0;
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: input } };
  models.answer = (_, response) => json(response, chatAnswer(null, { tool_calls: [call] }));
  const block = `{"type":"tool_use","id":"a","name":"f","input":${input}}`;
  const said = `{"role":"user","content":"Hi."},{"role":"assistant","content":[${block}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}`;
  const back = await post('/anthropic/v1/messages', `{"model":"m","max_tokens":10,"messages":[${said}]}`);
  expect(back).toContain(`"input":${input}`);
  expect(models.got[0]!.bytes.toString()).toContain(JSON.stringify(input).slice(1, -1));
});

test('settings with numbers that nobody reads alike are not translated', async () => {
  for (const most of ['1e400', '9007199254740993']) {
    const answer = await post('/anthropic/v1/messages', `{"model":"m","max_tokens":${most},"messages":[{"role":"user","content":"Hi."}]}`);
    expect(answer).toContain('max_tokens must be a number');
  }
  expect(models.got).toEqual([]);
});

test('a request whose numbers differ is no request that was answered before', async () => {
  for (const number of ['9007199254740992', '9007199254740993', '1e400', '2e400'])
    await post('/v1/chat/completions', `{"model":"kept","seed":${number},"messages":[{"role":"user","content":"Hi."}]}`);
  expect(models.got).toHaveLength(4);
});

test('a number of a card is found however it is written', async () => {
  for (const number of ['4111111111111111', '4111111111111111.0', '4111111111111111e0']) {
    models.got.length = 0;
    await post('/v1/chat/completions', `{"model":"m","messages":[{"role":"user","content":"Hi."}],"metadata":{"card":${number}}}`);
    expect(models.got[0]?.bytes.toString() ?? '').not.toContain('4111111111111111');
  }
});

test('any numbers, beside a text that is replaced', async () => {
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.stringMatching(/^(?:0|[1-9]\d{0,9})$/),
      fc.constantFrom('', '.0', '.25', '.10'),
      fc.constantFrom('', 'e0', 'E-9', 'e+400'),
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 8 }), async (numbers) => {
      models.got.length = 0;
      const list = `[${numbers.join(',')}]`;
      await post('/v1/chat/completions', `{"x":${list},"messages":[{"role":"user","content":"I am ann.smith@example.com"}],"model":"m"}`);
      const sent = models.got[0]!.bytes.toString();
      expect(numbersIn(sent.slice(0, sent.indexOf('"messages"')))).toEqual(numbers);
    }),
    { numRuns: 60 },
  );
});

test('an event that nests too deep to be read is not passed on', async () => {
  const deep = `${'['.repeat(100)}"bob.jones@example.org"${']'.repeat(100)}`;
  models.answer = (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: {"choices":[],"x":${deep}}\n\n`);
  expect(await post('/v1/chat/completions', '{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi."}]}')).not.toContain(
    'bob.jones',
  );
});

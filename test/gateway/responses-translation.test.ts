import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, chatEvents, events, json, message, messageEvents, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let openai: OpenAI;

beforeAll(async () => {
  models = await modelServer();
  const chat = { kind: 'openai-compatible', url: `${models.origin}/v1` };
  served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', ...chat, responses: false },
        { id: 'whole', ...chat },
        { id: 'claude', kind: 'anthropic', url: models.origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
      ],
      models: {
        chat: { targets: [{ upstream: 'local' }], retries: 0 },
        claude: { targets: [{ upstream: 'claude' }], retries: 0 },
        both: {
          targets: [
            { upstream: 'claude', weight: 1 },
            { upstream: 'local', weight: 0 },
          ],
          strategy: 'first',
          retries: 0,
        },
        own: { targets: [{ upstream: 'whole' }, { upstream: 'claude' }], strategy: 'first', retries: 0 },
      },
      resilience: { failures: 1_000, minRequests: 100_000 },
    },
  });
  openai = new OpenAI({ baseURL: `${served.server.url}/v1`, apiKey: served.admin.key, maxRetries: 0 });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
});

const SAID = 'Ask bob.jones@example.org. Bye.';
const answers = (text = SAID): void => {
  models.answer = (got, response) => {
    const isClaude = got.url.endsWith('/messages');
    if (got.body.stream === true) return events(response, isClaude ? messageEvents(text) : chatEvents(text), isClaude);
    json(response, isClaude ? message([{ type: 'text', text }]) : chatAnswer(text));
  };
};

const WEATHER = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  strict: true,
};

test.each([
  ['chat', '/v1/chat/completions'],
  ['claude', '/v1/messages'],
])('a response of %s, whole and streamed, and the guard sees both directions', async (model, url) => {
  answers();
  const ask = {
    model,
    instructions: 'Be brief.',
    input: 'I am ann.smith@example.com',
    max_output_tokens: 50,
    temperature: 0.5,
    user: 'u1',
  };
  const whole = await openai.responses.create(ask);
  expect(models.got[0]).toMatchObject({ url, body: { model, max_tokens: 50, temperature: 0.5 } });
  expect(models.got[0]!.bytes.toString()).toContain('I am <EMAIL_1>');
  expect(whole).toMatchObject({
    object: 'response',
    status: 'completed',
    model: 'm',
    output_text: 'Ask <EMAIL_2>. Bye.',
    instructions: 'Be brief.',
    max_output_tokens: 50,
    store: false,
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  });
  const seen: string[] = [];
  const stream = openai.responses.stream(ask);
  stream.on('event', (event) => seen.push(event.type));
  const final = await stream.finalResponse();
  expect(final).toMatchObject({ status: 'completed', output_text: 'Ask <EMAIL_2>. Bye.' });
  expect(seen.filter((type, at) => type !== seen[at - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  const tokens = await openai.responses.create({ ...ask, stream: true });
  let text = '';
  for await (const event of tokens) if (event.type === 'response.output_text.delta') text += event.delta;
  expect(text).toBe('Ask <EMAIL_2>. Bye.');
});

const called = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});
const callsWeather = (): void => {
  models.answer = (got, response) => {
    const isClaude = got.url.endsWith('/messages');
    const use = { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } };
    if (got.body.stream !== true)
      return json(
        response,
        isClaude
          ? message([{ type: 'thinking', thinking: 'Hm.', signature: 's' }, use], 'tool_use')
          : {
              ...chatAnswer(null, { reasoning_content: 'Hm.', tool_calls: [called] }),
            },
      );
    if (!isClaude)
      return events(response, [
        chunk({ role: 'assistant', reasoning_content: 'H' }),
        chunk({ reasoning_content: 'm.' }),
        chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"ci' } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: 'ty":"Bonn"}' } }] }),
        chunk({}, 'tool_calls'),
        '[DONE]',
      ]);
    events(
      response,
      [
        { type: 'message_start', message: message([]) },
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_start', index: 1, content_block: { ...use, input: {} } },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":"Bonn"}' } },
        { type: 'content_block_stop', index: 1 },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 5 } },
        { type: 'message_stop' },
      ],
      true,
    );
  };
};

test.each(['chat', 'claude'])('tools of %s: a call, streamed and whole, its result and thoughts', async (model) => {
  callsWeather();
  const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Weather in Bonn?' }];
  const ask = { model, input, tools: [WEATHER], tool_choice: 'required' as const, reasoning: { effort: 'low' as const } };
  const whole = await openai.responses.create(ask);
  const expected = [
    { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}', status: 'completed' },
  ];
  expect(whole.output).toMatchObject(expected);
  const sent = models.got[0]!.body;
  if (model === 'chat') {
    expect(sent).toMatchObject({
      tool_choice: 'required',
      reasoning_effort: 'low',
      tools: [{ type: 'function', function: { name: 'weather', strict: true } }],
    });
  } else
    expect(sent).toMatchObject({
      tool_choice: { type: 'any' },
      output_config: { effort: 'low' },
      tools: [{ name: 'weather', strict: true }],
    });
  const streamed = await openai.responses.stream(ask).finalResponse();
  expect(streamed.output).toMatchObject(expected);
  models.got.length = 0;
  answers('Sunny.');
  const next = await openai.responses.create({
    ...ask,
    tool_choice: 'auto',
    input: [
      ...input,
      ...(whole.output as OpenAI.Responses.ResponseInput),
      { type: 'function_call_output', call_id: 'call_1', output: 'sun' },
    ],
  });
  expect(next.output_text).toBe('Sunny.');
  expect(models.got[0]!.body.messages).toMatchObject(
    model === 'chat'
      ? [
          { role: 'user', content: 'Weather in Bonn?' },
          { role: 'assistant', tool_calls: [called] },
          { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
        ]
      : [
          { role: 'user', content: 'Weather in Bonn?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'sun' }] },
        ],
  );
});

test.each(['chat', 'claude'])('structured output and pictures for %s', async (model) => {
  answers('{"city":"Bonn"}');
  const parsed = await openai.responses.parse({
    model,
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Where is this?' },
          { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'auto' },
        ],
      },
    ],
    text: { format: { type: 'json_schema', name: 'place', schema: WEATHER.parameters, strict: true } },
  });
  expect(parsed.output_parsed).toEqual({ city: 'Bonn' });
  const { body } = models.got[0]!;
  if (model === 'chat')
    expect(body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: WEATHER.parameters } },
      messages: [{ content: [{ type: 'text' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }],
    });
  else
    expect(body).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: WEATHER.parameters } },
      messages: [{ content: [{ type: 'text' }, { type: 'image', source: { type: 'base64', media_type: 'image/png' } }] }],
    });
});

test.each([
  ['tools[0]', { tools: [{ type: 'web_search' }] }],
  ['tools[0]', { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }],
  ['tools[0]', { tools: [{ type: 'mcp', server_label: 's', server_url: 'https://mcp.example/' }] }],
  ['tools[0]', { tools: [{ type: 'custom', name: 'f' }] }],
  ['tools[0].defer_loading', { tools: [{ ...WEATHER, defer_loading: true }] }],
  ['tool_choice', { tools: [WEATHER], tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] } }],
  ['store', { store: true }],
  ['background', { background: true }],
  ['truncation', { truncation: 'auto' }],
  ['top_logprobs', { top_logprobs: 3 }],
  ['include', { include: ['message.output_text.logprobs'] }],
  ['prompt', { prompt: { id: 'pmpt_1' } }],
  ['context_management', { context_management: [{ type: 'compaction' }] }],
  ['novelty', { novelty: 1 }],
  ['text.novelty', { text: { novelty: 1 } }],
  ['reasoning.novelty', { reasoning: { novelty: 1 } }],
  ['input[0]', { input: [{ type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } }] }],
  ['input[0].content[0]', { input: [{ role: 'assistant', content: [{ type: 'input_image', image_url: 'https://a.example/' }] }] }],
  ['input[0].content[0].file_url', { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://a.example/' }] }] }],
])('what has no counterpart is refused by name: %s', async (field, more) => {
  answers();
  for (const model of ['chat', 'claude']) {
    const refused = await openai.responses.create({ model, input: 'Hi.', ...more } as never).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect((refused as Error).message).toContain(`${field} cannot be translated`);
  }
  expect(models.got).toEqual([]);
});

test.each([
  ['temperature', { temperature: 1.5 }],
  ['text.verbosity', { text: { verbosity: 'low' } }],
  ['text.format', { text: { format: { type: 'json_object' } } }],
  ['reasoning.effort', { reasoning: { effort: 'utmost' } }],
  ['service_tier', { service_tier: 'flex' }],
])('what only a chat has words for is refused for Anthropic, in the words of the client: %s', async (field, more) => {
  answers('{}');
  const refused = await openai.responses.create({ model: 'claude', input: 'Hi.', ...more } as never).catch((error: unknown) => error);
  expect((refused as Error).message).toContain(`${field} cannot be translated`);
  expect(models.got).toEqual([]);
  // Where there is a target that understands it, that one is asked.
  expect((await openai.responses.create({ model: 'both', input: 'Hi.', ...more } as never)).status).toBe('completed');
  expect(models.got.map(({ url }) => url)).toEqual(['/v1/chat/completions']);
});

test('what asks for nothing is left out', async () => {
  answers('Hi.');
  const asked = {
    model: 'chat',
    input: [{ role: 'user', content: 'Hi.' }],
    store: false,
    background: false,
    truncation: 'disabled',
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'k',
    max_tool_calls: 3,
    metadata: { a: 'b' },
    text: { format: { type: 'text' }, verbosity: 'medium' },
    reasoning: { summary: 'auto' },
    parallel_tool_calls: true,
  };
  // Why a cast: this client does not know `max_tool_calls`.
  await openai.responses.create(asked as never);
  expect(models.got[0]!.body).toEqual({ model: 'chat', messages: [{ role: 'user', content: 'Hi.' }] });
});

test('a target that knows responses gets them as they came, and what cannot be translated goes only there', async () => {
  models.answer = (_, response) =>
    json(response, { id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'm', output: [], store: true });
  await openai.responses.create({ model: 'own', input: 'Hi.', store: true });
  expect(models.got.map(({ url, body }) => [url, body])).toEqual([['/v1/responses', { model: 'own', input: 'Hi.', store: true }]]);
});

test('a translated response is kept by nobody', async () => {
  answers('Hi.');
  const { id } = await openai.responses.create({ model: 'chat', input: 'Hi.' });
  await expect(openai.responses.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(openai.responses.create({ model: 'chat', input: 'More.', previous_response_id: id })).rejects.toBeInstanceOf(
    OpenAI.NotFoundError,
  );
});

test.each(['chat', 'claude'])('errors, refusals and answers that are cut off by %s are told as responses tell them', async (model) => {
  models.answer = (got, response) =>
    json(
      response,
      got.url.endsWith('/messages')
        ? { type: 'error', error: { type: 'invalid_request_error', message: 'too long' } }
        : { error: { message: 'too long', type: 'invalid_request_error', code: null, param: null } },
      400,
    );
  const failed = await openai.responses.create({ model, input: 'Hi.' }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(OpenAI.BadRequestError);
  expect((failed as Error).message).toContain('too long');
  models.answer = (got, response) => {
    const isClaude = got.url.endsWith('/messages');
    json(
      response,
      isClaude
        ? message([{ type: 'text', text: 'Once' }], 'max_tokens')
        : {
            ...chatAnswer('Once'),
            choices: [{ index: 0, message: { role: 'assistant', content: 'Once' }, finish_reason: 'length' }],
          },
    );
  };
  const cut = await openai.responses.create({ model, input: 'Hi.' });
  expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output_text: 'Once' });
});

test('a refusal of a model is a part of its own', async () => {
  models.answer = (got, response) =>
    got.body.stream === true
      ? events(response, [chunk({ refusal: 'I may ' }), chunk({ refusal: 'not.' }), chunk({}, 'stop'), '[DONE]'])
      : json(response, chatAnswer(null, { refusal: 'I may not.' }));
  const ask = { model: 'chat', input: 'Hi.' };
  const content = [{ type: 'refusal', refusal: 'I may not.' }];
  expect((await openai.responses.create(ask)).output).toMatchObject([{ type: 'message', content }]);
  expect((await openai.responses.stream(ask).finalResponse()).output).toMatchObject([{ type: 'message', content }]);
});

test.each([
  ['ends in the middle', [chunk({ content: 'a' })]],
  ['says that it is done without a reason', [chunk({ content: 'a' }), '[DONE]']],
  ['has two answers', [{ ...chunk({}), choices: [{ index: 1, delta: { content: 'a' } }] }]],
  ['breaks off with an error', [chunk({ content: 'a' }), { error: { message: 'overloaded' } }]],
])('a stream that %s ends with an error', async (_, list) => {
  models.answer = (_got, response) => events(response, list);
  const stream = await openai.responses.create({ model: 'chat', input: 'Hi.', stream: true });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types.at(-1)).toBe('error');
  expect(types).not.toContain('response.completed');
});

import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { chatAnswer, events, json, message, messageEvents, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let ann: Anthropic;
let eve: Anthropic;
let narrow: Anthropic;
let count = 0;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` },
        { id: 'claude', kind: 'anthropic', url: models.origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
      ],
      models: { m: { targets: [{ upstream: 'local' }] }, c: { targets: [{ upstream: 'claude' }] } },
    },
    access: { roles: { narrow: ['invoke'] } },
  });
  const client = async (name: string, ...roles: string[]) =>
    new Anthropic({ baseURL: `${served.server.url}/anthropic`, apiKey: (await served.person(name, ...roles)).key, maxRetries: 0 });
  [ann, eve, narrow] = [
    await client('ann', 'reader@*'),
    await client('eve', 'reader@*'),
    await client('narrow', 'narrow@model:c', 'narrow@route:*', 'narrow@tool:*'),
  ];
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
  models.answer = (got, response) => {
    if (!got.url.includes('/messages')) return json(response, chatAnswer('Hello.'));
    const id = `msg_${++count}`;
    const container = { id: `container_${count}`, expires_at: '2027-01-01T00:00:00Z' };
    if (got.body.stream !== true) return json(response, { ...message([{ type: 'text', text: 'Hello.' }]), id, container });
    const [start, ...list] = messageEvents('Hello.') as { type: string; message: object; delta?: object }[];
    const last = list.map((event) => (event.type === 'message_delta' ? { ...event, delta: { ...event.delta, container } } : event));
    events(response, [{ ...start, message: { ...start!.message, id } }, ...last], true);
  };
});

const hi = [{ role: 'user' as const, content: 'I am ann.smith@example.com' }];
const ask = { model: 'c', max_tokens: 100, messages: hi };
const bodies = () => models.got.map(({ body }) => body as Record<string, unknown>);

test('a thread that Anthropic keeps goes on, whole and streamed, for whoever began it', async () => {
  const thread = ann.beta.messages.thread({ model: 'c', max_tokens: 100 });
  await thread.send(hi);
  const first = thread.previousMessageId!;
  await thread.stream([{ role: 'user', content: 'And bob.jones@example.org?' }]).finalMessage();
  await thread.send([{ role: 'user', content: 'Bye.' }]);
  expect(bodies().map(({ thread: one }) => one)).toEqual([
    { type: 'create' },
    { type: 'continue', previous_message_id: first },
    { type: 'continue', previous_message_id: expect.stringMatching(/^msg_/) },
  ]);
  expect(models.got[0]!.headers['anthropic-beta']).toContain('message-threads');
  expect(JSON.stringify(bodies())).not.toMatch(/ann\.smith|bob\.jones/);
  models.got.length = 0;
  const stolen = { ...ask, thread: { type: 'continue' as const, previous_message_id: first } };
  await expect(eve.beta.messages.create(stolen)).rejects.toMatchObject({ status: 404, errorCode: 'thread_not_found' });
  await expect(ann.beta.messages.create({ ...stolen, diagnostics: { previous_message_id: 'msg_of_nobody' } })).rejects.toMatchObject({
    status: 404,
  });
  expect(models.got).toEqual([]);
});

test('a thread towards a provider that keeps none goes on without, where the client wants that, and is an error else', async () => {
  const thread = ann.beta.messages.thread({ model: 'm', max_tokens: 100, unsupportedRequestBehavior: 'continue_unthreaded' });
  await thread.send(hi);
  await thread.send([{ role: 'user', content: 'Bye.' }]);
  expect(bodies().map(({ messages }) => (messages as unknown[]).length)).toEqual([1, 3]);
  const strict = ann.beta.messages.thread({ model: 'm', max_tokens: 100 });
  await expect(strict.send(hi)).rejects.toMatchObject({ status: 400, errorCode: 'thread_unsupported_request' });
});

test('a container is its owner’s, also where a stream has told of it', async () => {
  await ann.messages.stream(ask).finalMessage();
  const container = `container_${count}`;
  await ann.messages.create({ ...ask, container });
  await expect(eve.messages.create({ ...ask, container })).rejects.toMatchObject({ status: 404 });
});

test('betas, thinking and context management pass to Anthropic, and are refused by name elsewhere', async () => {
  const more = {
    betas: ['context-management-2025-06-27' as const],
    thinking: { type: 'adaptive' as const },
    context_management: { edits: [{ type: 'clear_tool_uses_20250919' as const }] },
  };
  await ann.beta.messages.create({ ...ask, ...more });
  expect(models.got[0]!.headers['anthropic-beta']).toContain('context-management-2025-06-27');
  expect(bodies()[0]).toMatchObject({ thinking: more.thinking, context_management: more.context_management });
  await expect(ann.beta.messages.create({ ...ask, ...more, model: 'm' })).rejects.toThrow('context_management cannot be translated');
  const thinking = { type: 'adaptive' as const };
  expect(await ann.beta.messages.create({ ...ask, betas: ['interleaved-thinking-2025-05-14'], thinking, model: 'm' })).toMatchObject({
    content: [{ type: 'text', text: 'Hello.' }],
  });
  expect(models.got.at(-1)!.headers).not.toHaveProperty('anthropic-beta');
});

test('batches of the beta are those of everybody', async () => {
  models.answer = (got, response) =>
    json(response, { id: got.url.split('/')[4] ?? `msgbatch_${++count}`, type: 'message_batch', processing_status: 'ended' });
  const batch = await ann.beta.messages.batches.create({ requests: [{ custom_id: 'one', params: { ...ask, model: 'c' } }] });
  expect((await ann.beta.messages.batches.retrieve(batch.id)).id).toBe(batch.id);
  expect((await ann.beta.messages.batches.list()).data.map(({ id }) => id)).toContain(batch.id);
  await ann.beta.messages.batches.cancel(batch.id);
  await ann.beta.messages.batches.delete(batch.id);
  expect(models.got.every(({ url }) => !url.includes('?'))).toBe(true);
});

test.each([
  ['fallbacks', { fallbacks: [{ model: 'expensive' }] }],
  ['fallbacks', { fallbacks: 'default' }],
  ['billing_policy', { billing_policy: { bill_to: 'partner' } }],
  ['anthropic-workspace-id', { workspace_id: 'wrkspc_1' }],
  ['anthropic-user-profile-id', { user_profile_id: 'uprof_1' }],
])('what would have another model answer, or another account pay, is refused: %s', async (field, more) => {
  const refused = await ann.beta.messages.create({ ...ask, ...more } as never).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Anthropic.BadRequestError);
  expect((refused as Error).message).toContain(`${field} is not taken`);
  expect(models.got).toEqual([]);
});

test.each([
  ['fallbacks', { Fallbacks: [{ model: 'm' }] }],
  ['models', { MODELS: ['m'] }],
  ['extra_body', { extra_body: { models: ['m'] } }],
  ['api_base', { api_base: 'http://elsewhere.example' }],
  ['preset', { preset: 'mine' }],
  ['speed', { Speed: 'fast' }],
])('nor in other words: %s', async (field, more) => {
  await expect(ann.beta.messages.create({ ...ask, ...more } as never)).rejects.toThrow(field);
  expect(models.got).toEqual([]);
});

test.each([
  ['in a tool of a tool', [{ type: 'namespace', name: 'n', tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'm' }] }]],
  ['in other letters', [{ type: 'advisor_20260301', name: 'advisor', Model: 'm' }]],
  ['as an object', [{ type: 'advisor_20260301', name: 'advisor', model: { id: 'm' } }]],
])('the model of a tool is found %s', async (_, tools) => {
  await expect(narrow.beta.messages.create({ ...ask, tools } as never)).rejects.toThrow(/the model of a tool/);
  expect(models.got).toEqual([]);
});

test('a tool that has another model work needs the permission for that model', async () => {
  const tools = [{ type: 'advisor_20260301' as const, name: 'advisor' as const, model: 'm' }];
  await ann.beta.messages.create({ ...ask, tools });
  expect(models.got).toHaveLength(1);
  expect((await narrow.messages.create(ask)).content).toHaveLength(1);
  await expect(narrow.beta.messages.create({ ...ask, tools })).rejects.toThrow('the model of a tool');
  expect(models.got).toHaveLength(2);
});

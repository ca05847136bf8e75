import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { eventText, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  process.env.CORDON_TEST_MODEL_KEY = 'upstream-secret-value';
  models = await modelServer();
  served = await serve({
    gateway: { upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1`, apiKey: 'env:CORDON_TEST_MODEL_KEY' }] },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

type Event = Record<string, unknown> & { type: string };

async function through(list: readonly object[]): Promise<Event[]> {
  models.answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventText(list));
  const response = await fetch(`${served.server.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', input: 'Hi.', stream: true }),
  });
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Event);
}

/** What a client has at the end that tells texts apart by these fields. */
function assembled(events: readonly Event[], fields: readonly string[], missing: unknown): Map<string, string> {
  const texts = new Map<string, string>();
  for (const event of events) {
    if (!event.type.endsWith('.delta')) continue;
    const key = JSON.stringify([event.type, ...fields.map((field) => event[field] ?? missing)]);
    texts.set(key, (texts.get(key) ?? '') + String(event.delta));
  }
  return texts;
}

/** What the client of OpenAI has: it appends items and parts in the order in which they begin, texts included. */
function likeSdk(events: readonly Event[]): string[] {
  // oxlint-disable-next-line typescript/no-explicit-any -- items of every kind
  const output: any[] = [];
  for (const event of events) {
    if (event.type === 'response.output_item.added') output.push(structuredClone(event.item));
    const item = output[Number(event.output_index)];
    if (item === undefined) continue;
    if (event.type === 'response.content_part.added') (item.content ??= []).push(structuredClone(event.part));
    const part = item.content?.[Number(event.content_index)];
    if (event.type === 'response.output_text.delta' && part !== undefined) part.text += String(event.delta);
    if (event.type === 'response.function_call_arguments.delta') item.arguments += String(event.delta);
  }
  return output.flatMap((item) => [String(item.arguments ?? ''), ...(item.content ?? []).map((part: { text: string }) => part.text)]);
}

const EMAIL = 'ann.smith@example.com';
// Why mostly sound: a stream that is refused at once shows nothing.
const place = fc.oneof({ weight: 40, arbitrary: fc.constantFrom(undefined, 0, 0, 1) }, fc.constantFrom(null, -1, '0', 0.5));
const id = fc.oneof({ weight: 40, arbitrary: fc.constantFrom(undefined, 'msg_1', 'msg_1', 'msg_2') }, fc.constantFrom(null, EMAIL, 7));
const part = fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, place);
const piece = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('ann.smith@', 'example.com ') }, fc.constantFrom('ann.', EMAIL, 'Hi '));
const TYPES = ['response.output_text.delta', 'response.refusal.delta', 'response.novel.delta'] as const;
const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.oneof({ weight: 8, arbitrary: fc.constant(TYPES[0]) }, fc.constantFrom(...TYPES)),
      output_index: place,
      item_id: id,
      content_index: part,
      delta: piece,
    }),
  },
  fc.record({
    type: fc.constant('response.output_item.added'),
    output_index: place,
    item: fc.record({
      type: fc.constant('message'),
      id,
      content: fc.oneof(
        fc.constant([]),
        piece.map((text) => [{ type: 'output_text', text, annotations: [] }]),
      ),
    }),
  }),
  fc.record({
    type: fc.constant('response.content_part.added'),
    output_index: place,
    item_id: id,
    content_index: part,
    part: fc.record({ type: fc.constant('output_text'), text: fc.oneof(fc.constant(''), piece) }),
  }),
  fc.record({
    type: fc.constantFrom('response.output_text.done', 'response.content_part.done'),
    output_index: place,
    item_id: id,
    content_index: part,
  }),
);

test('whatever pieces say they are of, and whatever they leave out, no client can put together what was to be replaced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 6 }), async (list) => {
      const got = await through(list);
      const clients = [
        assembled(got, ['output_index', 'content_index'], undefined),
        assembled(got, ['output_index', 'content_index'], 0),
        assembled(got, ['item_id', 'content_index'], undefined),
        assembled(got, ['item_id', 'content_index'], 0),
        assembled(got, ['item_id', 'output_index', 'content_index'], undefined),
      ];
      expect([...clients.flatMap((texts) => [...texts.values()]), ...likeSdk(got), JSON.stringify(got)].join('\n')).not.toContain(EMAIL);
    }),
    { numRuns: 200 },
  );
});

const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item });
const delta = (more: object, type = 'output_text') => ({ type: `response.${type}.delta`, ...more });

test.each([
  ['places and ids', (at: number) => ({ output_index: at, item_id: `msg_${at}`, content_index: 0 })],
  ['places alone', (at: number) => ({ output_index: at, content_index: 0 })],
  ['ids alone', (at: number) => ({ item_id: `msg_${at}`, content_index: 0 })],
  ['places and no parts', (at: number) => ({ output_index: at })],
])('texts that are mixed, and told apart by %s, are not taken for one another', async (_, named) => {
  const pieces = ['Write to bob.jo', 'Ask carol.', 'nes@example.org.', 'smith@example.net.'];
  const got = await through([
    added(0, { type: 'message', id: 'msg_0', content: [] }),
    added(1, { type: 'message', id: 'msg_1', content: [] }),
    ...pieces.map((text, at) => delta({ ...named(at % 2), delta: text })),
    { type: 'response.completed', response: { id: 'resp_1', output: [] } },
  ]);
  const key = Object.keys(named(0))[0]!;
  expect([...assembled(got, [key], 0).values()]).toEqual(['Write to <EMAIL_1>.', 'Ask <EMAIL_2>.']);
});

test.each([
  ['an id in two places', [delta({ output_index: 0, item_id: 'a', delta: 'x' }), delta({ output_index: 1, item_id: 'a', delta: 'y' })]],
  ['a place of two ids', [delta({ output_index: 0, item_id: 'a', delta: 'x' }), delta({ output_index: 0, item_id: 'b', delta: 'y' })]],
  ['a place that is sometimes left out', [delta({ output_index: 0, item_id: 'a', delta: 'x' }), delta({ item_id: 'a', delta: 'y' })]],
  ['an id that is sometimes left out', [delta({ output_index: 0, item_id: 'a', delta: 'x' }), delta({ output_index: 0, delta: 'y' })]],
  ['a part that is sometimes left out', [delta({ output_index: 0, content_index: 0, delta: 'x' }), delta({ output_index: 0, delta: 'y' })]],
  ['a part of content and of a summary', [delta({ output_index: 0, content_index: 0, summary_index: 0, delta: 'x' })]],
  ['a place that is none', [delta({ output_index: '0', delta: 'x' })]],
  ['two names', [added(0, { type: 'function_call', id: 'a', name: 'f' }), added(0, { type: 'function_call', id: 'a', name: 'g' })]],
  ['another place than an item has', [added(0, { type: 'message', id: 'a' }), delta({ output_index: 1, item_id: 'a', delta: 'x' })]],
])('a stream with %s ends with an error', async (_, list) => {
  const got = await through(list);
  expect(got.at(-1)).toMatchObject({ type: 'error', code: 'upstream_failed' });
});

test('an event under two names ends with an error', async () => {
  models.answer = (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(`event: response.refusal.delta\ndata: ${JSON.stringify(delta({ output_index: 0, delta: 'x' }))}\n\n`);
  const response = await fetch(`${served.server.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.admin.key}` },
    body: JSON.stringify({ model: 'm', input: 'Hi.', stream: true }),
  });
  expect(await response.text()).toContain('upstream_failed');
});

test('log probabilities that repeat a text over many events are read as one text', async () => {
  const tokens = ['ann.', 'smith', '@exam', 'ple.com', ' says'];
  const list = tokens.map((token) =>
    delta({ output_index: 0, item_id: 'a', content_index: 0, delta: 'x', logprobs: [{ token, logprob: 0 }] }),
  );
  const got = await through([...list, { type: 'response.completed', response: { id: 'resp_1', output: [] } }]);
  const said = got.flatMap(({ logprobs }) => ((logprobs ?? []) as { token: string }[]).map(({ token }) => token)).join('');
  expect(said).not.toContain(EMAIL);
});

test('arguments that a call begins with are decided together with what follows', async () => {
  const got = await through([
    added(0, { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"to":"ann.smith' }),
    delta({ output_index: 0, item_id: 'fc_1', delta: '@example.com"}' }, 'function_call_arguments'),
    { type: 'response.function_call_arguments.done', output_index: 0, item_id: 'fc_1', arguments: '{}' },
    { type: 'response.completed', response: { id: 'resp_1', output: [] } },
  ]);
  expect(likeSdk(got).join()).toBe('{"to":"<EMAIL_1>"}');
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Config } from '../../src/core/config.ts';
import { must, serve, type Served, type Somebody, somebody } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let openai: ModelServer;
let anthropic: ModelServer;
let served: Served;
let narrow: Somebody;
/** What the providers answer when they are asked for their models. */
let listed: unknown;
let status = 200;

const config = (models: object) => ({
  gateway: {
    upstreams: [
      { id: 'one', kind: 'openai-compatible', url: `${openai.origin}/v1` },
      { id: 'two', kind: 'anthropic', url: `${anthropic.origin}/v1`, apiKey: 'env:TEST_MODELS_KEY' },
      { id: 'three', kind: 'azure-openai', url: `${openai.origin}/openai`, apiKey: 'env:TEST_MODELS_KEY' },
    ],
    models,
  },
});
const MODELS = {
  mine: { targets: [{ upstream: 'one', model: 'gpt-4o' }] },
  'gpt-*': { targets: [{ upstream: 'one' }] },
  'claude-*': { targets: [{ upstream: 'two' }] },
  'fixed-*': { targets: [{ upstream: 'one', model: 'gpt-4o' }] },
  'azure-*': { targets: [{ upstream: 'three' }] },
};

beforeAll(async () => {
  process.env['TEST_MODELS_KEY'] = 'key-of-a-test';
  openai = await modelServer((got, response) =>
    got.url === '/v1/models' ? json(response, listed, status) : json(response, chatAnswer('Hi.')),
  );
  anthropic = await modelServer((_, response) =>
    json(response, { data: [{ id: 'claude-opus-5-5', type: 'model' }, { id: 'gpt-9' }], has_more: false }),
  );
  served = await serve(config(MODELS));
  const scopes = { models: ['gpt-4*'] };
  const { secret } = must(await served.admin.api('POST', '/keys', { name: 'narrow', scopes })).body as { secret: string };
  narrow = somebody(served.server.url, secret);
});
afterAll(async () => {
  delete process.env['TEST_MODELS_KEY'];
  await served?.close();
  await Promise.all([openai?.close(), anthropic?.close()]);
});
beforeEach(async () => {
  listed = { object: 'list', data: [{ id: 'gpt-4o' }, { id: 'gpt-5' }, { id: 'whisper-1' }, { id: 'claude-of-another' }] };
  status = 200;
  // Another configuration is asked for anew.
  await served.server.reconfigure(
    Config.parse({ ...config({ ...MODELS, [`fresh-${Math.random()}`]: MODELS.mine }), server: { port: 0, data: served.folder } }),
  );
  openai.got.length = 0;
});

async function ask(path: string, who: Somebody = served.admin): Promise<{ status: number; body: { data: { id: string }[]; id?: string } }> {
  const response = await fetch(`${served.server.url}${path}`, { headers: { authorization: `Bearer ${who.key}` } });
  return { status: response.status, body: (await response.json()) as never };
}
const ids = async (path = '/v1/models', who?: Somebody): Promise<readonly string[]> =>
  (await ask(path, who)).body.data.map(({ id }) => id).filter((id) => !id.startsWith('fresh-'));

test('what providers list and a pattern leads to them is listed beside the names of the configuration, once in five minutes', async () => {
  expect(await ids()).toEqual(['claude-opus-5-5', 'gpt-4o', 'gpt-5', 'mine']);
  expect(await ids('/anthropic/v1/models')).toEqual(['claude-opus-5-5', 'gpt-4o', 'gpt-5', 'mine']);
  expect(await ids('/v1/models', narrow)).toEqual(['gpt-4o']);
  expect(openai.got.map(({ url }) => url)).toEqual(['/v1/models']);
  expect(anthropic.got.at(-1)?.url).toBe('/v1/models?limit=1000');
});

test('one model is found by the same rule; where nobody can tell, whatever may be called is', async () => {
  const found = async (name: string, who?: Somebody) => (await ask(`/v1/models/${name}`, who)).status;
  expect(await Promise.all(['mine', 'gpt-4o', 'fixed-any', 'azure-any'].map((name) => found(name)))).toEqual([200, 200, 200, 200]);
  expect(await Promise.all(['gpt-none', 'claude-of-another', 'other'].map((name) => found(name)))).toEqual([404, 404, 404]);
  expect([await found('gpt-4o', narrow), await found('gpt-5', narrow)]).toEqual([200, 404]);
  expect((await ask('/anthropic/v1/models/claude-opus-5-5')).body.id).toBe('claude-opus-5-5');
});

test.each<[string, unknown, number]>([
  ['an error', { error: { message: 'nothing for you' } }, 500],
  ['no list', { data: { id: 'gpt-4o' } }, 200],
  [
    'names that are none',
    { data: [{ id: 'gpt-<script>' }, { id: 'gpt-4o\nx' }, { id: 7 }, null, 'gpt-4o', { id: `gpt-${'x'.repeat(300)}` }] },
    200,
  ],
  ['too much', { data: [{ id: 'gpt-4o', note: 'x'.repeat(2 ** 21) }] }, 200],
])('a provider that answers with %s adds nothing, and is not asked again at once', async (_, answer, code) => {
  [listed, status] = [answer, code];
  expect(await ids()).toEqual(['claude-opus-5-5', 'mine']);
  const asked = openai.got.length;
  expect(await ids()).toEqual(['claude-opus-5-5', 'mine']);
  expect(openai.got.length).toBe(asked);
});

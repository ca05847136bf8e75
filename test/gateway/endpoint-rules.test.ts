import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must, serve, type Served } from '../e2e/served.ts';
import { json, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;
let openai: OpenAI;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }] } },
      guard: { unreadable: 'refuse' },
      limits: { rules: [{ id: 'few', match: { routes: ['/v1/responses/{id}'] }, requests: { count: 2, per: 'day' } }] },
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
  models.answer = (_, response) => json(response, { id: 'resp_1', object: 'response', model: 'm', status: 'completed', output: [] });
});

test('what cannot be read is refused in forms and files where the policy says so', async () => {
  const file = await toFile(Buffer.from([0, 1, 2, 255]), 'a.wav', { type: 'audio/wav' });
  const refused = { status: 400, code: 'content_filter' };
  await expect(openai.audio.transcriptions.create({ model: 'm', file })).rejects.toMatchObject(refused);
  await expect(openai.images.edit({ model: 'm', image: file, prompt: 'a' })).rejects.toMatchObject(refused);
  await expect(openai.files.create({ file, purpose: 'user_data' })).rejects.toMatchObject(refused);
  expect(models.got).toEqual([]);
});

test('limits name routes with ids as the table does', async () => {
  await openai.responses.create({ model: 'm', input: 'hi' });
  for (let at = 0; at < 2; at++) await openai.responses.retrieve('resp_1');
  await expect(openai.responses.retrieve('resp_1')).rejects.toMatchObject({ status: 429 });
});

test('a model that was stopped answers nothing of before either', async () => {
  await openai.responses.create({ model: 'm', input: 'hi' });
  must(await served.admin.api('POST', '/blocks', { kind: 'model', value: 'm', reason: 'test' }));
  models.got.length = 0;
  await expect(openai.responses.delete('resp_1')).rejects.toMatchObject({ status: 403 });
  expect(models.got).toEqual([]);
});

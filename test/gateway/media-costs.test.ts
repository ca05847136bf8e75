import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { must, serve, type Served } from '../e2e/served.ts';
import { chatAnswer, json, message, type ModelServer, modelServer } from './model-server.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  const rates = { input: 1, output: 10 };
  served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` },
        { id: 'claude', kind: 'anthropic', url: models.origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
      ],
      models: { 'open-*': { targets: [{ upstream: 'local' }] }, c: { targets: [{ upstream: 'claude' }] } },
      limits: { rules: [{ id: 'money', per: 'principal', budget: { usd: 1, per: 'total' } }] },
      prices: {
        models: [
          {
            model: 'open-pictures',
            input: 0,
            output: 0,
            images: [{ size: '1024x1024', usd: 0.02 }, { size: '256x256', usd: 0.01 }, { usd: 0.03 }],
          },
          { model: 'open-speech', input: 0, output: 0, characters: 1_000 },
          { model: 'open-ears', input: 0, output: 0, minute: 0.6 },
          { model: 'open-chat', ...rates, tiers: { priority: { input: 2, output: 20 }, flex: { input: 0.5, output: 5 } } },
          { model: 'c', ...rates, cacheWrite: 1.25, cacheWriteHour: 2, cachedInput: 0.1, tiers: { fast: { input: 6, output: 60 } } },
        ],
      },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

const hi = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 };
const tiered = (tier?: string): object => ({ ...(chatAnswer('Hello.') as object), ...(tier !== undefined && { service_tier: tier }) });
const sped = (speed: string): object => ({
  ...(message([{ type: 'text', text: 'Hello.' }]) as object),
  usage: { input_tokens: 10, output_tokens: 5, service_tier: 'standard', speed },
});
const audio = (model: string): FormData => {
  const form = new FormData();
  form.set('model', model);
  form.set('file', new Blob([Buffer.alloc(5_000)]), 'a.mp3');
  return form;
};
const written = { cache_creation_input_tokens: 100, cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 } };

test.each<readonly [string, string, object, object | string, number, number]>([
  [
    'pictures',
    '/v1/images/generations',
    { model: 'open-pictures', prompt: 'x', n: 3, size: '256x256' },
    { data: [{ url: 'a' }, { url: 'b' }] },
    200,
    20_000,
  ],
  ['pictures of any size', '/v1/images/generations', { model: 'open-pictures', prompt: 'x' }, { data: [{ url: 'a' }] }, 200, 20_000],
  ['no pictures', '/v1/images/generations', { model: 'open-pictures', prompt: 'x' }, { error: { message: 'no' } }, 400, 0],
  ['speech', '/v1/audio/speech', { model: 'open-speech', input: 'twelve signs', voice: 'x' }, 'sound', 200, 12_000],
  [
    'a transcript that counts',
    '/v1/audio/transcriptions',
    audio('open-ears'),
    { text: 'hi', usage: { type: 'duration', seconds: 3 } },
    200,
    30_000,
  ],
  ['a verbose one', '/v1/audio/transcriptions', audio('open-ears'), { text: 'hi', duration: 2.5 }, 200, 25_000],
  ['one that counts nothing', '/v1/audio/transcriptions', audio('open-ears'), { text: 'hi' }, 200, 100_000],
  ['chat', '/v1/chat/completions', { model: 'open-chat', ...hi }, tiered(), 200, 60],
  ['chat by a tier', '/v1/chat/completions', { model: 'open-chat', ...hi, service_tier: 'priority' }, tiered('priority'), 200, 120],
  ['a tier that was not free', '/v1/chat/completions', { model: 'open-chat', ...hi, service_tier: 'priority' }, tiered('default'), 200, 60],
  ['a tier that is slow', '/v1/chat/completions', { model: 'open-chat', ...hi, service_tier: 'flex' }, tiered('flex'), 200, 30],
  ['a tier without a price', '/v1/chat/completions', { model: 'open-chat', ...hi, service_tier: 'scale' }, tiered('scale'), 429, 0],
  ['a tier that is none', '/v1/chat/completions', { model: 'open-chat', ...hi, service_tier: 5 }, tiered(), 400, 0],
  ['a speed', '/anthropic/v1/messages', { model: 'c', ...hi, speed: 'fast' }, sped('fast'), 200, 360],
  ['a speed that was not to be had', '/anthropic/v1/messages', { model: 'c', ...hi, speed: 'fast' }, sped('standard'), 200, 60],
  ['a speed without a price', '/anthropic/v1/messages', { model: 'c', ...hi, speed: 'faster' }, sped('faster'), 429, 0],
  [
    'caches of both lengths',
    '/anthropic/v1/messages',
    { model: 'c', ...hi },
    {
      ...(message([{ type: 'text', text: 'Hello.' }]) as object),
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100, ...written },
    },
    200,
    10 + 50 + 10 + 75 + 80,
  ],
])('%s', async (name, path, body, answer, status, micros) => {
  models.answer = (_, response) => {
    if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(answer);
    else json(response, answer, status === 400 ? 400 : 200);
  };
  const who = name.replaceAll(' ', '-');
  const { key } = await served.person(who, 'reader@*');
  const isForm = body instanceof FormData;
  const response = await fetch(`${served.server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  expect([response.status, (await response.text()).length > 0]).toEqual([status, true]);
  await vi.waitFor(async () => {
    const [record] = must(await served.admin.api('GET', `/exchanges?limit=1&principal=${who}`)).body as [{ costMicros: number }];
    expect(record?.costMicros).toBe(micros);
  }, 8_000);
});

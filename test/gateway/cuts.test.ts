import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must, serve, type Served } from '../e2e/served.ts';
import { startProvider, type TestProvider } from '../identity/identity-provider.ts';
import { chatAnswer, chatEvents, eventText, json, type ModelServer, modelServer } from './model-server.ts';

let provider: TestProvider;
let models: ModelServer;
let served: Served;
let token: string;
/** Of somebody else, whom no stop below is about. */
let other: string;

const TOOL = { type: 'function', function: { name: 'send_mail', parameters: { type: 'object' } } };
const FIRST = eventText([chatEvents('word')[1]]);

beforeAll(async () => {
  provider = await startProvider();
  models = await modelServer();
  served = await serve({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { m: { targets: [{ upstream: 'local' }] }, n: { targets: [{ upstream: 'local' }] } },
    },
    access: {
      roles: { caller: ['read', 'invoke'] },
      oidc: [{ issuer: provider.issuer, audience: [provider.audience] }],
      groups: { ml: [{ role: 'caller' }], ops: [{ role: 'caller' }] },
    },
  });
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = { iss: provider.issuer, aud: provider.audience, iat: seconds, exp: seconds + 600 };
  token = await provider.sign({ ...claims, sub: 'bob', preferred_username: 'bob', groups: ['ml'] });
  other = await provider.sign({ ...claims, sub: 'eve', preferred_username: 'eve', groups: ['ops'] });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
  await provider?.close();
});
beforeEach(() => {
  models.answer = ({ body }, response) => {
    if ((body as { stream?: boolean }).stream !== true) return json(response, chatAnswer('Hello.'));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(FIRST), 20);
    response.once('close', () => clearInterval(timer));
  };
});

function ask(credential: string, more: object): Promise<Response> {
  return fetch(`${served.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'x-cordon-session': 'talk' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], tools: [TOOL], ...more }),
  });
}

async function beginStream(credential: string, more: object = {}): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const response = await ask(credential, { stream: true, ...more });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  await reader.read();
  return reader;
}

async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  return Buffer.concat(pieces).toString();
}

/** Names of people from an identity provider are the registry's own. */
async function nameOf(subject: string): Promise<string> {
  const { body } = must(await served.admin.api('GET', '/principals'));
  return (body as { name: string }[]).find(({ name }) => name.includes(subject))!.name;
}

const BYSTANDER = { model: 'n', tools: [] } as const;

test.each<[string, string, boolean]>([
  ['principal', 'bob', false],
  ['team', 'ml', false],
  ['model', 'm', false],
  ['tool', 'send_*', false],
  ['route', '/v1/chat/*', true],
  ['ip', '127.0.0.0/8', true],
  ['session', 'talk', true],
  ['everything', '', true],
])('a stop of a %s cuts the streams that it is about, at once, and no others', async (kind, value, isForAll) => {
  const [cut, stays] = [await beginStream(token), await beginStream(other, BYSTANDER)];
  const named = kind === 'principal' ? await nameOf(value) : value;
  const at = performance.now();
  const { body } = must(await served.admin.api('POST', '/blocks', { kind, value: named, reason: 'test' }));
  expect(await rest(cut)).toContain('gateway_stopped');
  expect(performance.now() - at).toBeLessThan(1_000);
  expect((await ask(token, {})).status).toBe(403);
  if (isForAll) expect(await rest(stays)).toContain('gateway_stopped');
  else {
    expect(Buffer.from((await stays.read()).value!).toString()).toContain('word');
    expect((await ask(other, BYSTANDER)).status).toBe(200);
    await stays.cancel();
  }
  must(await served.admin.api('DELETE', `/blocks/${(body as { id: string }).id}`));
  expect((await ask(token, {})).status).toBe(200);
});

test('a stop of a key cuts its streams', async () => {
  const { body } = must(await served.admin.api('POST', '/keys', { name: 'shop' }));
  const { secret } = body as { secret: string };
  const [cut, stays] = [await beginStream(secret), await beginStream(served.admin.key)];
  must(await served.admin.api('POST', '/blocks', { kind: 'key', value: secret, reason: 'test' }));
  expect(await rest(cut)).toContain('gateway_stopped');
  expect(Buffer.from((await stays.read()).value!).toString()).toContain('word');
  await stays.cancel();
});

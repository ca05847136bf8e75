import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Config } from '../../src/core/config.ts';
import { serve, type Served, type Somebody } from '../e2e/served.ts';
import { startProvider, type TestProvider } from '../identity/identity-provider.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let provider: TestProvider;
let models: ModelServer;
let served: Served;
let ann: Somebody;

const access = (more: object = {}) => ({
  roles: { caller: ['read', 'invoke'] },
  oidc: [{ issuer: provider.issuer, audience: [provider.audience] }],
  ...more,
});
const config = (changes: object = {}, server: object = {}) => ({
  gateway: {
    upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
    models: { m: { targets: [{ upstream: 'local' }] } },
  },
  access: access(changes),
  server,
});
const reload = (changes: object = {}, server: object = {}): Promise<boolean> =>
  served.server.reconfigure(Config.parse(config(changes, { port: 0, data: served.folder, ...server })));

beforeAll(async () => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  provider = await startProvider();
  models = await modelServer();
  served = await serve(config());
  ann = await served.person('ann', 'caller@*');
});
afterAll(async () => {
  vi.restoreAllMocks();
  await served?.close();
  await models?.close();
  await provider?.close();
});
beforeEach(async () => {
  models.answer = (_, response) => json(response, chatAnswer('Hello.'));
  await reload();
});

/** A call of the gateway by a key or token. */
function ask(credential: Record<string, string>, more: object = {}): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });
  return fetch(`${served.server.url}/v1/chat/completions`, { method: 'POST', headers: credential, body });
}
const by = (token: string) => ({ authorization: `Bearer ${token}` });
const status = async (credential: Record<string, string>): Promise<number> => (await ask(credential)).status;

function jwt(groups: readonly string[]): Promise<string> {
  const seconds = Math.floor(Date.now() / 1_000);
  return provider.sign({ iss: provider.issuer, aud: provider.audience, sub: 'bob', iat: seconds, exp: seconds + 600, groups });
}

/** Opens a stream that goes on until it is cut. */
async function stream(credential: Record<string, string>): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  models.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { content: 'word ' } }],
    };
    const timer = setInterval(() => response.write(`data: ${JSON.stringify(chunk)}\n\n`), 50);
    response.once('close', () => clearInterval(timer));
  };
  const response = await ask(credential, { stream: true });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  await reader.read();
  return reader;
}

async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += Buffer.from(value).toString();
  }
}

test('roles are those of the file, in the gateway and everywhere else', async () => {
  expect([await status(by(ann.key)), (await ann.api('GET', '/session')).status]).toEqual([200, 400]);
  await served.admin.push('acme/bert', { 'README.md': '# bert' });
  expect((await ann.pull('acme/bert', 'main', 'README.md')).status).toBe(200);
  await reload({ roles: { caller: ['read'] } });
  expect([await status(by(ann.key)), (await ann.pull('acme/bert', 'main', 'README.md')).status]).toEqual([403, 200]);
  await reload({ roles: { caller: ['invoke'] } });
  expect([await status(by(ann.key)), (await ann.pull('acme/bert', 'main', 'README.md')).status]).toEqual([200, 404]);
});

test('groups and issuers are those of the file', async () => {
  const token = await jwt(['ml']);
  expect(await status(by(token))).toBe(403);
  await reload({ groups: { ml: [{ role: 'reader' }] } });
  expect(await status(by(token))).toBe(200);
  const asked = provider.keyRequests();
  await reload({ groups: { ml: [{ role: 'reader' }] }, sessionHours: 1 });
  expect([await status(by(token)), provider.keyRequests()]).toEqual([200, asked]);
  await reload({ groups: { ml: [{ role: 'reader' }] }, oidc: [] });
  expect(await status(by(token))).toBe(401);
});

test('who is believed is that of the file for the registry too', async () => {
  const asAnn = { 'x-forwarded-user': 'ann' };
  const whoami = async () => (await fetch(`${served.server.url}/hf/api/whoami-v2`, { headers: asAnn })).status;
  expect([await status(asAnn), await whoami()]).toEqual([401, 401]);
  await reload({ proxyHeader: 'x-forwarded-user' }, { trustedProxies: ['127.0.0.1'] });
  expect([await status(asAnn), await whoami()]).toEqual([200, 200]);
  await reload();
  expect([await status(asAnn), await whoami()]).toEqual([401, 401]);
});

test('a file that cannot be compiled changes nothing of it, whatever else it says', async () => {
  await expect(reload({ roles: { caller: ['read'], reader: ['admin'] } })).rejects.toThrow('the role reader is built in');
  expect(await status(by(ann.key))).toBe(200);
  const broken = Config.parse({
    ...config({ roles: { caller: ['read'] } }, { port: 0, data: served.folder }),
    gateway: { audit: { content: 'redacted', key: 'env:CORDON_NO_SUCH_KEY' } },
  });
  await expect(served.server.reconfigure(broken)).rejects.toThrow();
  expect(await status(by(ann.key))).toBe(200);
});

test('the ledger says which rights are others, and not what is secret', async () => {
  await reload({ groups: { ml: [{ role: 'reader' }] }, oidc: [] });
  const { body } = await served.admin.api('GET', '/ledger/entries?limit=1000');
  const entries = body as { kind: string; body: object }[];
  const last = entries.findLast(({ kind }) => kind === 'access.reconfigured');
  expect(last?.body).toMatchObject({ changed: ['groups.ml', `oidc.${provider.issuer}`], count: 2 });
  expect(entries.at(entries.indexOf(last!) - 1)?.kind).toBe('gateway.reconfigured');
});

test('a stream ends when its caller may not go on, however lately it began; others do not', async () => {
  const ben = await served.person(`ben-${Date.now()}`, 'reader@*');
  const [mine, his] = [await stream(by(ann.key)), await stream(by(ben.key))];
  await reload({ roles: { caller: ['read'] } });
  await expect(rest(mine)).resolves.toContain('permission_error');
  expect((await his.read()).done).toBe(false);
  await reload();
  expect((await his.read()).done).toBe(false);
  await his.cancel();
});

import { createHash, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { signed } from '../../../../vault/aws/sigv4.ts';
import { encodeEvent } from '../event-stream/testing.ts';
import { ask, open, secretsOf, serve, type TestServer } from '../testing.ts';
import type { UpstreamRequest } from '../upstreams.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

async function answering(
  body: string | Buffer = '{}',
  status = 200,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<TestServer> {
  return kept(await serve((_request, response) => void response.writeHead(status, headers).end(body)));
}

const MESSAGES: Partial<UpstreamRequest> = {
  protocol: 'anthropic',
  path: '/messages',
  headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'one,two' },
  body: ({ model }) => Buffer.from(JSON.stringify({ model, max_tokens: 5, stream: true, messages: [{ role: 'user', content: 'ü' }] })),
};
const CLAUDE = 'eu.anthropic.claude-sonnet-4-20250514-v1:0';

describe('Azure OpenAI', () => {
  const secrets = secretsOf({ 'env:KEY': 'azure-key', 'env:SECRET': 'client-secret' });

  test.each([
    [{ form: 'v1' }, '/chat/completions', '/openai/v1/chat/completions'],
    [{ form: 'v1', apiVersion: 'preview' }, '/responses?a=b', '/openai/v1/responses?a=b&api-version=preview'],
    [
      { form: 'deployments', apiVersion: '2024-10-21' },
      '/chat/completions',
      '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    ],
    [{ form: 'deployments', apiVersion: '2024-10-21' }, '/files', '/openai/files?api-version=2024-10-21'],
  ])('%j: %s becomes %s', async (more, path, expected) => {
    const server = await answering();
    const upstreams = kept(
      open({ upstreams: [{ id: 'z', kind: 'azure-openai', url: server.url, apiKey: 'env:KEY', ...more }] }, { secrets }),
    );
    expect(await ask(upstreams, 'gpt-4o', { path })).toMatchObject({ status: 200 });
    expect(server.requests).toMatchObject([{ url: expected, headers: { 'api-key': 'azure-key' } }]);
  });

  test('a deployment of the configuration is used for every model', async () => {
    const server = await answering();
    const upstreams = kept(
      open({ upstreams: [{ id: 'z', kind: 'azure-openai', url: server.url, apiKey: 'env:KEY', deployment: 'prod' }] }, { secrets }),
    );
    expect(await ask(upstreams, 'gpt-4o')).toMatchObject({ target: { model: 'prod' } });
    expect(server.requests[0]?.body).toContain('"model":"prod"');
  });

  test.each(['../x', 'a/b', 'a?b', 'ä', ''])('a model that is no deployment (%j) is refused', async (model) => {
    const server = await answering();
    const upstreams = kept(
      open(
        {
          upstreams: [{ id: 'z', kind: 'azure-openai', url: server.url, apiKey: 'env:KEY', form: 'deployments', apiVersion: '2024-10-21' }],
        },
        { secrets },
      ),
    );
    expect(await ask(upstreams, model)).toMatchObject({ error: { code: 'request.invalid' } });
    expect(server.requests).toHaveLength(0);
  });

  test('a token of Entra ID is asked for once and sent as bearer', async () => {
    const login = await answering(JSON.stringify({ access_token: 'entra-token', expires_in: 3_600 }));
    const server = await answering();
    const id = '00000000-0000-4000-8000-000000000000';
    const entra = { tenant: id, clientId: id, clientSecret: 'env:SECRET', loginUrl: login.url };
    const upstreams = kept(open({ upstreams: [{ id: 'z', kind: 'azure-openai', url: server.url, entra }] }, { secrets }));
    await Promise.all([ask(upstreams), ask(upstreams), ask(upstreams)]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer entra-token'));
    expect(login.requests).toHaveLength(1);
    expect(login.requests[0]?.body).toContain('client_secret=client-secret');
  });
});

describe('Bedrock', () => {
  const secrets = secretsOf({ 'env:ID': 'AKIDEXAMPLE', 'env:SECRET': 'wJalrXUtnFEMI', 'env:TOKEN': 'session', 'env:KEY': 'bedrock-key' });
  const credentials = { accessKeyId: 'env:ID', secretAccessKey: 'env:SECRET', sessionToken: 'env:TOKEN' };
  const config = (server: TestServer, more: object = { credentials }) => ({
    upstreams: [{ id: 'b', kind: 'bedrock', region: 'eu-central-1', url: server.url, ...more }],
  });

  test('InvokeModel gets the model in the path and the version in the body, signed for exactly what was sent', async () => {
    const server = await answering('{"type":"message"}');
    const outcome = await ask(kept(open(config(server), { secrets })), CLAUDE, MESSAGES);
    expect(outcome).toMatchObject({ status: 200, body: '{"type":"message"}', target: { protocol: 'anthropic' } });
    const [request] = server.requests;
    expect(request?.url).toBe(`/model/${encodeURIComponent(CLAUDE)}/invoke`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['one', 'two'],
      max_tokens: 5,
      messages: [{ role: 'user', content: 'ü' }],
    });
    const at = String(request?.headers['x-amz-date']);
    const now = new Date(at.replace(/(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)/, '$1-$2-$3:$4:$5'));
    const identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'session' };
    const again = signed(
      { method: 'POST', url: `${server.url}${request?.url}`, headers: {}, body: request?.body ?? '' },
      { identity, region: 'eu-central-1', service: 'bedrock', now },
    );
    expect(request?.headers).toMatchObject({ authorization: again.authorization, 'x-amz-security-token': 'session' });
  });

  test('a streamed answer is decoded into events', async () => {
    const event = (value: object): Buffer =>
      encodeEvent(
        { ':message-type': 'event', ':event-type': 'chunk' },
        Buffer.from(JSON.stringify({ bytes: Buffer.from(JSON.stringify(value)).toString('base64') })),
      );
    const bytes = Buffer.concat([event({ type: 'message_start' }), event({ type: 'message_stop' })]);
    const server = await answering(bytes, 200, { 'content-type': 'application/vnd.amazon.eventstream' });
    const outcome = await ask(kept(open(config(server), { secrets })), CLAUDE, { ...MESSAGES, stream: true });
    expect(server.requests[0]?.url).toMatch(/invoke-with-response-stream$/);
    expect(outcome).toMatchObject({
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: 'event: message_start\ndata: {"type":"message_start"}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
    });
    expect(outcome.headers).not.toHaveProperty('content-length');
  });

  test('an exception as the first event is met by another attempt', async () => {
    let count = 0;
    const server = kept(
      await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        const bytes = Buffer.from(JSON.stringify({ type: 'message_stop' })).toString('base64');
        const good = encodeEvent({ ':message-type': 'event', ':event-type': 'chunk' }, Buffer.from(JSON.stringify({ bytes })));
        response.end(
          count++ === 0 ? encodeEvent({ ':message-type': 'exception', ':exception-type': 'throttlingException' }, Buffer.from('{}')) : good,
        );
      }),
    );
    const outcome = await ask(kept(open(config(server), { secrets })), CLAUDE, { ...MESSAGES, stream: true });
    expect(outcome).toMatchObject({ attempts: 2, status: 200, body: expect.stringContaining('message_stop') });
  });

  test('errors are those of the Messages API', async () => {
    const server = await answering('{"message":"no such model"}', 404);
    const outcome = await ask(kept(open(config(server), { secrets })), CLAUDE, MESSAGES);
    expect(outcome.status).toBe(404);
    expect(JSON.parse(outcome.body)).toEqual({ type: 'error', error: { type: 'not_found_error', message: 'no such model' } });
  });

  test('tokens are counted, in the words of the Messages API', async () => {
    const server = await answering('{"inputTokens":12}');
    const outcome = await ask(kept(open(config(server), { secrets })), CLAUDE, { ...MESSAGES, path: '/messages/count_tokens' });
    expect(outcome.body).toBe('{"input_tokens":12}');
    expect(server.requests[0]?.url).toMatch(/\/count-tokens$/);
    const { input } = JSON.parse(server.requests[0]?.body ?? '') as { input: { invokeModel: { body: string } } };
    expect(JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString())).toMatchObject({ messages: [{ content: 'ü' }] });
  });

  test('other models go to the endpoint that speaks as OpenAI does, with an API key where there is one', async () => {
    const server = await answering();
    const upstreams = kept(open(config(server, { apiKey: 'env:KEY' }), { secrets }));
    expect(await ask(upstreams, 'openai.gpt-oss-120b-1:0')).toMatchObject({ status: 200, target: { protocol: 'openai' } });
    expect(server.requests).toMatchObject([{ url: '/openai/v1/chat/completions', headers: { authorization: 'Bearer bedrock-key' } }]);
  });

  test('an ARN is spoken to as the configuration says', async () => {
    const server = await answering();
    const arn = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc';
    const models = { claude: { targets: [{ upstream: 'b', model: arn, protocol: 'anthropic' }] } };
    await ask(kept(open({ ...config(server), models }, { secrets })), 'claude', MESSAGES);
    expect(server.requests[0]?.url).toBe(`/model/${encodeURIComponent(arn)}/invoke`);
  });

  test.each(['/messages/batches', '/files'])('%s is not offered', async (path) => {
    const server = await answering();
    const upstreams = kept(open(config(server), { secrets }));
    expect(await ask(upstreams, CLAUDE, { ...MESSAGES, path })).toMatchObject({ error: { code: 'request.invalid' } });
  });
});

describe('Vertex AI', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    type: 'service_account',
    client_email: 'gateway@project.iam.gserviceaccount.com',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: 'https://evil.example/token',
  };
  const secrets = secretsOf({ 'file:sa.json': JSON.stringify(account), 'file:broken': '{"private_key":"SECRET"}' });

  async function vertex(answer: TestServer, tokens: TestServer, more: object = {}) {
    const upstream = {
      id: 'v',
      kind: 'vertex',
      project: 'my-project',
      region: 'europe-west1',
      url: answer.url,
      tokenUrl: `${tokens.url}/token`,
    };
    return kept(open({ upstreams: [{ ...upstream, serviceAccount: 'file:sa.json', ...more }] }, { secrets }));
  }

  test('models of Anthropic go to rawPredict, with a token for a signed claim', async () => {
    const tokens = await answering(JSON.stringify({ access_token: 'google-token', expires_in: 3_600 }));
    const server = await answering('{"type":"message"}');
    const upstreams = await vertex(server, tokens);
    await ask(upstreams, 'claude-sonnet-4@20250514', MESSAGES);
    await ask(upstreams, 'claude-sonnet-4@20250514', { ...MESSAGES, stream: true });
    const root = '/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4@20250514';
    expect(server.requests.map(({ url }) => url)).toEqual([`${root}:rawPredict`, `${root}:streamRawPredict`]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true });
    expect(server.requests[0]?.body).not.toContain('"model"');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer google-token');
    expect(tokens.requests).toHaveLength(1);
    const assertion = new URLSearchParams(tokens.requests[0]?.body).get('assertion') ?? '';
    const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
      audience: `${tokens.url}/token`,
      issuer: account.client_email,
    });
    expect(protectedHeader.kid).toBe('key-1');
    expect(payload.scope).toContain('cloud-platform');
  });

  test('other models go to the endpoint that speaks as OpenAI does', async () => {
    const tokens = await answering(JSON.stringify({ access_token: 'google-token', expires_in: 3_600 }));
    const server = await answering();
    await ask(await vertex(server, tokens), 'google/gemini-2.5-flash');
    expect(server.requests[0]?.url).toBe('/v1/projects/my-project/locations/europe-west1/endpoints/openapi/chat/completions');
  });

  test('a key file that cannot be used is not quoted', async () => {
    const tokens = await answering('{}');
    const upstreams = await vertex(await answering(), tokens, { serviceAccount: 'file:broken' });
    const { error } = await ask(upstreams, 'google/gemini');
    expect(`${error?.message}${JSON.stringify(upstreams.health())}`).not.toContain('SECRET');
    expect(tokens.requests).toHaveLength(0);
  });
});

test('a body is sent byte for byte to those who speak the same protocol', async () => {
  const server = await answering();
  const bytes = Buffer.from('{ "model" : "m",\n "n": 9007199254740993, "a": "\\u00e9" }');
  await ask(kept(open({ upstreams: [{ id: 'o', kind: 'ollama', url: server.url }] })), 'm', { body: () => bytes });
  const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
  expect(sha(server.requests[0]?.body ?? '')).toBe(sha(bytes));
});

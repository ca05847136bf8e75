import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { provider, type ProviderServer, type Reply } from '../../../../test/moderation/provider-server.ts';
import { ModerationConfig } from '../../../core/moderation-config.ts';
import { DETECTORS } from '../../../detectors/index.ts';
import { adapterOf } from '../../../detectors/moderation/index.ts';
import type { GuardDecision } from '../decision.ts';
import { createGuard, type Guard } from '../guard.ts';

const SECRET = 'sk-unit-very-secret';
const TEXT = 'The confidential question';
const SAFE = { results: [{ flagged: false, category_scores: { hate: 0, 'self-harm': 0, sexual: 0, violence: 0 } }] };

const servers: ProviderServer[] = [];
const folder = mkdtempSync(join(tmpdir(), 'cordon-moderation-'));
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

function guardOf(url: string, more: Record<string, unknown> = {}, env: Record<string, string> = { OPENAI_API_KEY: SECRET }): Guard {
  const moderation = [{ id: 'service', provider: 'openai', url, timeoutMs: 1_000, sendRedacted: false, ...more }];
  const detectors = Object.fromEntries(DETECTORS.map(({ id }) => [id, { mode: 'off' }]));
  return createGuard({ config: { profiles: { default: { moderation, detectors } } }, env });
}

async function serve(...replies: readonly Reply[]): Promise<ProviderServer> {
  const server = await provider(...replies);
  servers.push(server);
  return server;
}

function assess(guard: Guard): Promise<GuardDecision> {
  return guard.assess({ text: TEXT, channel: 'user' });
}

function status(code: number, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(code, headers).end(JSON.stringify({ error: { message: `no: ${TEXT} ${SECRET}` } }));
}

describe('whatever goes wrong is a failure that names no secret and no text', () => {
  test.each<[string, Reply, string]>([
    ['HTML', (response) => response.end(`<html>${SECRET} ${TEXT}</html>`), 'is not JSON'],
    ['half an answer', (response) => response.end(JSON.stringify(SAFE).slice(0, -5)), 'is not JSON'],
    ['an empty object', {}, 'not of the documented form (results)'],
    ['no results', { results: [] }, 'not of the documented form (results)'],
    ['scores of nothing', { results: [{ flagged: false, category_scores: {} }] }, 'not of the documented form'],
    [
      'scores beyond one',
      { results: [{ flagged: false, category_scores: { ...SAFE.results[0]!.category_scores, hate: 7 } }] },
      'not of the documented form',
    ],
    ['an error in the body', { error: { message: `${SECRET} ${TEXT}` } }, 'not of the documented form'],
    ['five megabytes', (response) => response.end(`"${'x'.repeat(5_000_000)}"`), 'more than 4194304 bytes'],
    ['silence', () => {}, 'gave no answer within 1000 ms'],
    ['an answer that never ends', (response) => void response.write('{"results":'), 'gave no answer within 1000 ms'],
    ['a redirect', status(307, { location: 'https://elsewhere.example/' }), 'it redirects (status 307)'],
    ['401', status(401), 'answered with status 401'],
    ['400', status(400), 'answered with status 400'],
    ['500 again and again', status(500), 'answered with status 500'],
    ['429 with a long wait', status(429, { 'retry-after': '60' }), 'answered with status 429'],
    ['a connection that breaks off', (response) => response.destroy(), 'the connection broke off'],
    [
      'compression',
      (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(JSON.stringify(SAFE))),
      'compresses although',
    ],
    ['204', (response) => response.writeHead(204).end(), 'answered with status 204'],
  ])('%s', async (_name, reply, message) => {
    const { url } = await serve(reply);
    const closed = await assess(guardOf(url));
    expect(closed).toMatchObject({
      effect: 'block',
      verdict: 'blocked',
      judges: [{ id: 'service', status: 'failed' }],
      failures: [expect.stringContaining(message)],
    });
    expect(closed.reasons).toMatchObject([{ id: 'service', effect: 'block', message: expect.stringContaining(message) as string }]);
    const open = await assess(guardOf(url, { failure: 'allow' }));
    expect(open).toMatchObject({ effect: 'allow', verdict: 'review', failures: [expect.stringContaining(message)] });
    for (const output of [closed, open]) {
      expect(JSON.stringify(output)).not.toContain(SECRET);
      expect(JSON.stringify(output)).not.toContain('confidential');
    }
  });

  test('nobody listening', async () => {
    const server = await serve(SAFE);
    const { url } = server;
    await servers.pop()?.[Symbol.asyncDispose]();
    expect((await assess(guardOf(url))).failures).toEqual([expect.stringContaining('it cannot be reached (ECONNREFUSED)')]);
  });
});

test('a name that leads into a private network, or nowhere', async () => {
  // Names of this machine that are none of those that are allowed as they are written.
  for (const name of ['localhost.', hostname()]) {
    const { effect, failures } = await assess(guardOf(`https://${name}:9`));
    expect(effect).toBe('block');
    expect(failures[0]).toMatch(/not public; allowPrivateNetwork permits it$|cannot be reached \([A-Z_]+\)$/);
  }
});

describe('second attempts', () => {
  test.each<[string, Reply]>([
    ['429 with a short wait', status(429, { 'retry-after': '0' })],
    ['503', status(503)],
    ['a broken connection', (response) => response.destroy()],
  ])('after %s', async (_name, reply) => {
    const server = await serve(reply, SAFE);
    expect((await assess(guardOf(server.url, { timeoutMs: 5_000 }))).verdict).toBe('clean');
    expect(server.seen).toHaveLength(2);
  });

  test('three at most, none after a refusal', async () => {
    const broken = await serve(status(500));
    await assess(guardOf(broken.url, { timeoutMs: 5_000 }));
    expect(broken.seen).toHaveLength(3);
    const refused = await serve(status(403));
    await assess(guardOf(refused.url));
    expect(refused.seen).toHaveLength(1);
  });
});

test('the breaker opens on a service that is down, lets one call try after a while, and closes when it is well', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const server = await serve(status(401));
  const guard = guardOf(server.url);
  for (let turn = 0; turn < 8; turn++) await assess(guard);
  expect(server.seen).toHaveLength(5);
  expect((await assess(guard)).failures).toEqual(['service: is not asked for a while: it failed several times in a row']);
  now += 5_000;
  await Promise.all([assess(guard), assess(guard)]);
  expect(server.seen).toHaveLength(6);
  now += 10_000;
  server.reply(SAFE);
  expect((await assess(guard)).effect).toBe('allow');
  expect((await assess(guard)).effect).toBe('allow');
  expect(server.seen).toHaveLength(8);
});

test('a text that a service refuses does not open the breaker for other texts', async () => {
  const server = await serve(status(400));
  const guard = guardOf(server.url);
  for (let turn = 0; turn < 8; turn++) await assess(guard);
  expect(server.seen).toHaveLength(8);
});

describe('what leaves', () => {
  test('personal data stays here, findings come back to where they belong', async () => {
    const server = await serve({ results: [{ flagged: true, category_scores: { ...SAFE.results[0]!.category_scores, violence: 0.9 } }] });
    const moderation = [{ id: 'service', provider: 'openai', url: server.url }];
    const guard = createGuard({ config: { profiles: { default: { moderation } } }, env: { OPENAI_API_KEY: SECRET } });
    const text = 'Tell jane@blue-harbour.net about it \ud800';
    const decision = await guard.assess({ text, channel: 'user' });
    expect(server.seen[0]?.body).toMatchObject({ input: ['Tell [EMAIL] about it \ufffd'] });
    expect(decision.detections.find(({ detector }) => detector === 'service')).toMatchObject({
      rule: 'moderation.violence',
      span: { start: 0, end: text.length },
    });
  });

  test('nothing that is empty, and nothing that is the operator’s', async () => {
    const server = await serve(SAFE);
    const guard = guardOf(server.url);
    for (const segment of [
      { text: ' \n', channel: 'user' },
      { text: 'You are helpful.', channel: 'system' },
    ] as const)
      await guard.assess(segment);
    expect(server.seen).toEqual([]);
  });

  test('a text that would need too many requests is a failure', async () => {
    const server = await serve(SAFE);
    const decision = await guardOf(server.url).assess({ text: 'word '.repeat(2_000_000), channel: 'user' });
    expect(decision.failures).toEqual(['service: was not asked: the text needs more than 64 requests']);
    expect(server.seen).toEqual([]);
  });
});

describe('configurations that cannot be used are refused at once, without naming what they hold', () => {
  test.each<[string, Record<string, unknown>, Record<string, string>, string]>([
    ['a missing secret', {}, {}, 'the environment variable OPENAI_API_KEY holds no secret'],
    ['an empty secret', {}, { OPENAI_API_KEY: ' ' }, 'holds no secret'],
    ['a secret with a line break', {}, { OPENAI_API_KEY: `${SECRET}\r\nx: y` }, 'holds something that is no key'],
    ['a missing file', { apiKey: { file: join(folder, 'none') } }, {}, 'cannot be read'],
    ['an inline secret', { apiKey: SECRET }, {}, 'moderation'],
    ['a password in the address', { url: `https://u:${SECRET}@api.example` }, {}, 'no user or password'],
    ['a key in the query', { url: `https://api.example/?key=${SECRET}` }, {}, 'no query'],
    ['http', { url: 'http://api.example' }, { OPENAI_API_KEY: SECRET }, 'only sent over https'],
    ['a private address', { url: 'https://10.0.0.7' }, { OPENAI_API_KEY: SECRET }, 'no public address'],
    ['a metadata address', { url: 'https://169.254.169.254' }, { OPENAI_API_KEY: SECRET }, 'no public address'],
    ['an unknown category', { categories: { violens: 0.5 } }, { OPENAI_API_KEY: SECRET }, 'no category "violens"'],
    ['an unknown provider', { provider: 'acme' }, {}, 'moderation'],
    ['redaction that nobody does', { sendRedacted: true }, { OPENAI_API_KEY: SECRET }, 'sendRedacted needs the detectors'],
  ])('%s', (_name, more, env, message) => {
    let error: unknown;
    try {
      guardOf('https://api.example', more, env);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'config.invalid', message: expect.stringContaining(message) as string });
    expect(String(error)).not.toContain(SECRET);
  });

  test('allowPrivateNetwork permits private addresses', () => {
    expect(() => guardOf('http://10.0.0.7:8000', { allowPrivateNetwork: true })).not.toThrow();
  });
});

test('secrets are read from files, and again when they are renewed', async () => {
  const server = await serve(SAFE);
  const file = join(folder, 'key');
  writeFileSync(file, 'first\n');
  const guard = guardOf(server.url, { apiKey: { file } });
  await assess(guard);
  writeFileSync(file, 'second\n');
  await assess(guard);
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
});

test('AWS: profiles of the shared credentials file', async () => {
  const server = await serve({ Entities: [] });
  const file = join(folder, 'credentials');
  writeFileSync(
    file,
    '# mine\n[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key=s1\n\n[prod]\naws_access_key_id=AKIDPROD\naws_secret_access_key = s2\naws_session_token = t2\n',
  );
  const own = { provider: 'aws-comprehend-pii', region: 'us-east-1' };
  const env = { AWS_SHARED_CREDENTIALS_FILE: file };
  await assess(guardOf(server.url, own, env));
  await assess(guardOf(server.url, own, { ...env, AWS_PROFILE: 'prod' }));
  await assess(
    guardOf(server.url, { ...own, credentials: { accessKeyId: { env: 'A' }, secretAccessKey: { env: 'B' } } }, { A: 'AKIDOWN', B: 's3' }),
  );
  expect(server.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
    'AKIDDEFAULT',
    'AKIDPROD',
    'AKIDOWN',
  ]);
  expect(server.seen.map(({ headers }) => headers['x-amz-security-token'])).toEqual([undefined, 't2', undefined]);
  expect(() => guardOf(server.url, { ...own, credentials: { profile: 'none' } }, env)).toThrow('has no profile "none"');
  expect(() => guardOf(server.url, own, { AWS_ACCESS_KEY_ID: 'AKID' })).toThrow('AWS_SECRET_ACCESS_KEY holds no secret');
});

describe('any answer at all', () => {
  const url = 'https://api.example';
  const aws = { url, region: 'us-east-1' };
  const configs = [
    { provider: 'openai', apiKey: { env: 'X' } },
    { provider: 'azure-content-safety', url },
    { provider: 'azure-prompt-shields', url },
    { provider: 'aws-comprehend-toxicity', ...aws },
    { provider: 'aws-comprehend-pii', ...aws },
    { provider: 'aws-bedrock-guardrail', ...aws, guardrail: 'abc', version: '1' },
    { provider: 'llama-guard', url, model: 'm' },
    { provider: 'yes-no-model', url, model: 'm' },
  ].map((config) => ModerationConfig.parse({ id: 'x', ...config }));
  /** What each says of a harmless text, without anything that does not matter. */
  const harmless: readonly object[] = [
    SAFE,
    { categoriesAnalysis: ['Hate', 'SelfHarm', 'Sexual', 'Violence'].map((category) => ({ category, severity: 0 })) },
    { userPromptAnalysis: { attackDetected: false } },
    { ResultList: [{ Labels: [{ Name: 'INSULT', Score: 0 }], Toxicity: 0 }] },
    { Entities: [] },
    { action: 'NONE', assessments: [] },
    { choices: [{ message: { content: 'safe' } }] },
    { choices: [{ message: { content: 'No' } }] },
  ];
  const pieces = [{ text: 'Hello', channel: 'user' as const }];

  test.each(configs.map((config, index) => [config.provider, config, harmless[index]!] as const))(
    '%s: what is not harmless by its form is no pass',
    (_provider, config, answer) => {
      const adapter = adapterOf(config);
      expect(adapter.read(answer, pieces)).toEqual([[]]);
      for (const value of [null, 7, '', [], [[]], 'safe', true])
        expect(() => adapter.read(value, pieces)).toThrow(expect.objectContaining({ code: 'format.malformed' }));
      for (const changed of withoutOneMember(answer))
        expect(() => adapter.read(changed, pieces), JSON.stringify(changed)).toThrow(expect.objectContaining({ code: 'format.malformed' }));
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          expect(() => adapter.read(value, pieces)).toThrow(expect.objectContaining({ code: 'format.malformed' }));
        }),
      );
    },
  );

  test('bodies of any bytes never allow', async () => {
    const server = await serve({});
    const guard = guardOf(server.url);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (body) => {
        server.reply((response) => response.end(body));
        expect((await assess(guard)).effect).toBe('block');
      }),
      { numRuns: 60 },
    );
  });
});

/** The answer with one member or item less, for each of them. */
function withoutOneMember(value: unknown): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => [
      value.toSpliced(index, 1),
      ...withoutOneMember(item).map((changed) => value.with(index, changed)),
    ]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => {
    const { [key]: _gone, ...rest } = value as Record<string, unknown>;
    return [rest, ...withoutOneMember(own).map((changed) => ({ ...value, [key]: changed }))];
  });
}

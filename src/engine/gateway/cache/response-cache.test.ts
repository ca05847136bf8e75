import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { CacheConfig, ModelCache } from '../../../core/gateway-model-config.ts';
import { ask, CHAT, open, plain, serve, type TestServer } from '../upstreams/testing.ts';
import type { Sending, Upstreams } from '../upstreams/upstreams.ts';
import { cacheKey, type CacheQuestion } from './cache-key.ts';
import { openResponseCache, type ResponseCache } from './response-cache.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const QUESTION: CacheQuestion = {
  principal: 'p1',
  teams: ['red'],
  protocol: 'openai',
  path: '/chat/completions',
  model: 'm',
  body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], temperature: 0 },
  headers: { 'content-type': 'application/json' },
  policyDigest: 'd1',
  stream: false,
  wish: 'use',
};
const rules = (more: object = {}) => ModelCache.parse(more);
const digest = (more: Partial<CacheQuestion> = {}, by: object = {}) => cacheKey(rules(by), { ...QUESTION, ...more })?.digest;

describe('keys', () => {
  test('are the same for the same question, however its members are ordered', () => {
    const body = { temperature: 0, messages: [{ content: 'hi', role: 'user' }], model: 'm' };
    expect(digest({ body })).toBe(digest());
    expect(digest({ headers: { accept: '*/*', 'x-stainless-retry-count': '1' } })).toBe(digest({ headers: {} }));
  });

  test.each<Partial<CacheQuestion>>([
    { principal: 'p2' },
    { policyDigest: 'd2' },
    { model: 'n' },
    { path: '/completions' },
    { protocol: 'anthropic' },
    { stream: true },
    { headers: { 'anthropic-beta': 'x' } },
    { body: { ...QUESTION.body, seed: 1 } },
  ])('differ for %j', (more) => expect(digest(more)).not.toBe(digest()));

  test('by team are shared by those who are in the same teams, and by nobody else', () => {
    const team = { scope: 'team' };
    expect(digest({ principal: 'p2' }, team)).toBe(digest({}, team));
    expect(digest({ teams: ['red', 'blue'] }, team)).not.toBe(digest({}, team));
    expect(digest({ teams: ['blue', 'red'] }, team)).toBe(digest({ teams: ['red', 'blue'] }, team));
    expect(digest({ teams: [], principal: 'p2' }, team)).not.toBe(digest({ teams: [] }, team));
    expect(digest({ teams: [] }, team)).toBe(digest({ teams: [] }));
  });

  test('never meet across tenants, whatever these are called', () => {
    const name = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(
        name,
        fc.array(name, { maxLength: 3 }),
        name,
        fc.array(name, { maxLength: 3 }),
        fc.constantFrom('principal', 'team'),
        (a, as, b, bs, scope) => {
          const same =
            scope === 'team' && as.length > 0
              ? JSON.stringify(as.toSorted()) === JSON.stringify(bs.toSorted())
              : a === b && (scope === 'principal' || bs.length === 0);
          expect(digest({ principal: a, teams: as }, { scope }) === digest({ principal: b, teams: bs }, { scope })).toBe(same);
        },
      ),
    );
  });

  test.each<[string, Partial<CacheQuestion>, object, boolean]>([
    ['asked for', {}, {}, true],
    ['not asked for', { wish: undefined }, {}, false],
    ['deterministic', { wish: undefined }, { when: 'deterministic' }, true],
    ['not deterministic', { wish: undefined, body: { temperature: 1 } }, { when: 'deterministic' }, false],
    ['embeddings', { wish: undefined, path: '/embeddings', body: { input: 'a' } }, { when: 'deterministic' }, true],
    ['always', { wish: undefined, body: {} }, { when: 'always' }, true],
    ['switched off by the client', { wish: 'off' }, { when: 'always' }, false],
    ['a path with effects', { path: '/files' }, { when: 'always' }, false],
    ['a response that the provider keeps', { path: '/responses', body: {} }, { when: 'always' }, false],
    ['a response that it does not', { path: '/responses', body: { store: false } }, { when: 'always' }, true],
    [
      'a response that continues another',
      { path: '/responses', body: { store: false, previous_response_id: 'r' } },
      { when: 'always' },
      false,
    ],
    ['a stream with tools', { stream: true, body: { tools: [{}] } }, {}, false],
    ['a stream with tools where configured', { stream: true, body: { tools: [{}] } }, { streamedTools: true }, true],
    ['tools without a stream', { body: { tools: [{}] } }, {}, true],
  ])('%s', (_name, more, by, isKept) => expect(digest(more, by) !== undefined).toBe(isKept));

  test('there are none without a configuration', () => expect(cacheKey(undefined, QUESTION)).toBeUndefined());
});

async function provider(
  answer: (count: number) => [status: number, type: string, body: string],
): Promise<{ server: TestServer; upstreams: Upstreams }> {
  let count = 0;
  const server = await serve((_request, response) => {
    const [status, type, body] = answer(count++);
    response.writeHead(status, { 'content-type': type, 'x-request-id': `r${count}` });
    for (const line of body.split(/(?<=\n)/)) response.write(line);
    response.end();
  });
  opened.push(server);
  const upstreams = open({ upstreams: [plain('a', server.url)], models: { m: { targets: [{ upstream: 'a' }], retries: 0 } } });
  opened.push(upstreams);
  return { server, upstreams };
}

/** Asks through the cache. */
function cached(cache: ResponseCache, upstreams: Upstreams, more: Partial<CacheQuestion> = {}, by: object = {}) {
  const question = { ...QUESTION, ...more };
  const key = cache.keyOf(rules(by), question);
  const through = {
    ...upstreams,
    send: (...[model, request, sink]: Parameters<Upstreams['send']>) => cache.send(upstreams, key, model, request, sink),
  };
  return ask(through, 'm', { ...CHAT, stream: question.stream });
}

describe('the cache', () => {
  test('gives the same bytes once more, as whole and as stream, without asking the provider', async () => {
    const stream = 'data: {"a":1}\n\ndata: [DONE]\n\n';
    const { server, upstreams } = await provider((n) =>
      n === 0 ? [200, 'application/json', '{ "n":1 }'] : [200, 'text/event-stream', stream],
    );
    const cache = openResponseCache(CacheConfig.parse({}));
    const first = await cached(cache, upstreams);
    const again = await cached(cache, upstreams);
    expect(again).toMatchObject({ status: 200, body: first.body, attempts: 0, calls: ['head', 'data', 'end'], target: { upstream: 'a' } });
    expect([first.headers?.['x-cordon-cache'], again.headers?.['x-cordon-cache']]).toEqual(['miss', 'hit']);
    expect(again.headers).not.toHaveProperty('x-request-id');
    await cached(cache, upstreams, { stream: true });
    expect(await cached(cache, upstreams, { stream: true })).toMatchObject({
      body: stream,
      headers: { 'content-type': 'text/event-stream' },
    });
    expect(server.requests).toHaveLength(2);
    expect(cache.stats()).toMatchObject({ entries: 2, hits: 2, misses: 2 });
  });

  test('gives nobody what another asked', async () => {
    const { upstreams } = await provider((n) => [200, 'application/json', String(n)]);
    const cache = openResponseCache(CacheConfig.parse({}));
    expect((await cached(cache, upstreams)).body).toBe('0');
    expect((await cached(cache, upstreams, { principal: 'p2' })).body).toBe('1');
    expect((await cached(cache, upstreams, { policyDigest: 'd2' })).body).toBe('2');
    expect((await cached(cache, upstreams)).body).toBe('0');
  });

  test('is renewed when the client asks for that, when the time is over, and when the configuration changes', async () => {
    let time = 0;
    const { upstreams } = await provider((n) => [200, 'application/json', String(n)]);
    const cache = openResponseCache(CacheConfig.parse({}), () => time);
    const one = { ttlSeconds: 10 };
    expect((await cached(cache, upstreams, {}, one)).body).toBe('0');
    expect((await cached(cache, upstreams, { wish: 'refresh' }, one)).body).toBe('1');
    time = 9_999;
    expect((await cached(cache, upstreams, {}, one)).body).toBe('1');
    time = 10_000;
    expect((await cached(cache, upstreams, {}, one)).body).toBe('2');
    cache.reconfigure(CacheConfig.parse({}));
    expect((await cached(cache, upstreams, {}, one)).body).toBe('3');
    cache.reconfigure(CacheConfig.parse({ maxBytes: 0 }));
    expect((await cached(cache, upstreams, {}, one)).body).toBe('4');
    expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  test.each<[string, [number, string, string], boolean]>([
    ['an error', [500, 'application/json', '{}'], false],
    ['a refusal', [400, 'application/json', '{}'], false],
    ['a stream without its end', [200, 'text/event-stream', 'data: {}\n\n'], true],
    ['a long answer', [200, 'application/json', 'x'.repeat(5_000)], false],
  ])('does not keep %s', async (_name, answer, stream) => {
    const { server, upstreams } = await provider(() => answer);
    const cache = openResponseCache(CacheConfig.parse({ maxEntryBytes: 4_000 }));
    for (let n = 0; n < 2; n++) await cached(cache, upstreams, { stream });
    expect(server.requests).toHaveLength(2);
    expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  test('does not keep what the client, or the guard, broke off', async () => {
    const { upstreams } = await provider(() => [200, 'application/json', 'whole']);
    const cache = openResponseCache(CacheConfig.parse({}));
    await new Promise<void>((resolve) => {
      const key = cache.keyOf(rules(), QUESTION);
      const sending: Sending = cache.send(upstreams, key, 'm', CHAT, {
        head: () => {
          sending.abort();
          resolve();
        },
        data: () => true,
        end: () => {},
        error: () => {},
      });
    });
    expect(cache.stats().entries).toBe(0);
  });

  test('stays within its bytes and forgets what was not used for longest', async () => {
    const { upstreams } = await provider(() => [200, 'application/json', 'x'.repeat(1_000)]);
    const cache = openResponseCache(CacheConfig.parse({ maxBytes: 10_000 }));
    const nth = (n: number) => cached(cache, upstreams, { body: { n } });
    for (let n = 0; n < 20; n++) {
      await nth(n);
      await nth(0);
      expect(cache.stats().bytes).toBeLessThanOrEqual(10_000);
    }
    expect((await nth(0)).headers?.['x-cordon-cache']).toBe('hit');
    expect((await nth(1)).headers?.['x-cordon-cache']).toBe('miss');
  });

  test('waits while the client does', async () => {
    const { upstreams } = await provider(() => [200, 'application/json', 'x'.repeat(300_000)]);
    const cache = openResponseCache(CacheConfig.parse({}));
    await cached(cache, upstreams);
    let length = 0;
    await new Promise<void>((resolve) => {
      const sending = cache.send(upstreams, cache.keyOf(rules(), QUESTION), 'm', CHAT, {
        head: () => {},
        data(chunk) {
          length += chunk.length;
          setTimeout(() => sending.resume(), 1);
          return false;
        },
        end: resolve,
        error: () => {},
      });
    });
    expect(length).toBe(300_000);
  });
});

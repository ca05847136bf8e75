import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UpstreamsConfig } from '../../../core/gateway-model-config.ts';
import type { Sink, Upstreams } from './upstreams.ts';
import { ask, CHAT, open, plain, secretsOf, serve, serveRaw, type TestServer } from './testing.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

async function echo(): Promise<TestServer> {
  return kept(
    await serve((_request, response, body) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'set-cookie': 'a=b',
        'x-request-id': 'r1',
        'openai-organization': 'acme',
      });
      response.end(body);
    }),
  );
}

describe('a request', () => {
  test('arrives under the path, with the credential and the body for the target; the answer comes back as it is', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { apiKey: 'env:KEY', headers: { 'x-team': 'blue' } })] }));
    const outcome = await ask(upstreams, 'gpt');
    expect(outcome).toMatchObject({ status: 200, body: '{"model":"gpt","messages":[]}', calls: ['head', 'data', 'end'], attempts: 1 });
    expect(outcome.target).toEqual({ upstream: 'a', kind: 'openai-compatible', model: 'gpt', protocol: 'openai' });
    expect(server.requests).toMatchObject([{ method: 'POST', url: '/v1/chat/completions' }]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-test-credential',
      'x-team': 'blue',
      'accept-encoding': 'identity',
    });
  });

  test('carries nothing of the connection or the credentials of the client, whoever forgot to filter it', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { headers: { 'x-team': 'blue' } })] }));
    const headers = {
      authorization: 'Bearer client',
      'x-api-key': 'client',
      'api-key': 'client',
      cookie: 'a=client',
      host: 'client.example',
      'x-forwarded-for': 'client',
      'transfer-encoding': 'chunked',
      'x-team': 'client',
      'x-real-ip': 'client',
      'openai-organization': 'client',
      'anthropic-beta': 'client',
      'openai-beta': 'passed',
      traceparent: 'passed',
    };
    await ask(upstreams, 'm', { headers });
    const got = server.requests[0]?.headers ?? {};
    expect(JSON.stringify(got)).not.toContain('client');
    expect([got['openai-beta'], got.traceparent]).toEqual(['passed', 'passed']);
    expect(got.host).toBe(`127.0.0.1:${server.port}`);
  });

  test('gets of the answer what is meant for clients only', async () => {
    const server = await echo();
    const { headers } = await ask(kept(open({ upstreams: [plain('a', server.url)] })));
    expect(headers).toEqual({ 'content-type': 'application/json', 'x-request-id': 'r1' });
  });

  test.each(['/../admin', '/a/%2e%2e/b', '//other.example/x', '/a b', 'https://other.example/', '/a\\b', '/a#b', '/.%2E/x'])(
    'with the path %s is refused before it is sent',
    async (path) => {
      const server = await echo();
      const { error } = await ask(kept(open({ upstreams: [plain('a', server.url)] })), 'm', { path });
      expect(error).toMatchObject({ code: 'request.invalid' });
      expect(server.requests).toHaveLength(0);
    },
  );

  test('with a header that is none is refused, and no fault of the upstream', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    const { error } = await ask(upstreams, 'm', { headers: { accept: 'b\r\nx-evil: 1' } });
    expect(error).toMatchObject({ code: 'request.invalid' });
    expect(upstreams.health()[0]?.targets[0]?.failures).toBe(0);
    expect(server.requests).toHaveLength(0);
  });
});

describe('models', () => {
  test('that are not configured are refused; several upstreams serve none by themselves', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url), plain('b', server.url)] }));
    expect(await ask(upstreams, 'gpt')).toMatchObject({ error: { code: 'model.missing' }, sentHead: false });
    expect(upstreams.targetsOf('gpt')).toBeUndefined();
  });

  test('go by their own name, then by the pattern that says most', async () => {
    const server = await echo();
    const to = (model: string): object => ({ targets: [{ upstream: 'a', model }] });
    const models = { 'gpt-4*': to('by-long'), '*': to('by-star'), 'gpt-4o': to('by-name'), 'g*4*mini': to('by-two') };
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models }));
    const used = async (name: string): Promise<string | undefined> => (await ask(upstreams, name)).target?.model;
    expect(await Promise.all(['gpt-4o', 'gpt-4.1', 'other', 'g4mini', 'gmini'].map(used))).toEqual([
      'by-name',
      'by-long',
      'by-star',
      'by-two',
      'by-star',
    ]);
    expect(upstreams.models()).toEqual(['gpt-4o']);
  });

  test('are not needed for what has none: it goes to an upstream by its id, which no client chooses', async () => {
    const server = await echo();
    const models = { m: { targets: [{ upstream: 'a' }] } };
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models }));
    const through = { ...upstreams, send: upstreams.sendTo };
    const files = { path: '/files/file-1', method: 'GET', body: () => Buffer.alloc(0) } as const;
    expect(await ask(through, 'a', files)).toMatchObject({ status: 200, target: { upstream: 'a', model: '' } });
    expect(server.requests).toMatchObject([{ method: 'GET', url: '/v1/files/file-1', body: '' }]);
    expect(await ask(through, 'b', files)).toMatchObject({ error: { code: 'model.missing' } });
    expect(await ask(upstreams, 'a', files)).toMatchObject({ error: { code: 'model.missing' } });
  });

  test('of another protocol are used when the request can be translated, with the path of that protocol', async () => {
    const server = await echo();
    const config = { upstreams: [{ id: 'c', kind: 'anthropic', url: server.url, apiKey: 'env:KEY' }] };
    const upstreams = kept(open(config));
    expect(await ask(upstreams)).toMatchObject({ error: { code: 'request.invalid' } });
    expect(await ask(upstreams, 'claude', { translatedPath: () => '/messages' })).toMatchObject({ status: 200 });
    expect(server.requests).toMatchObject([
      { url: '/v1/messages', headers: { 'x-api-key': 'sk-test-credential', 'anthropic-version': '2023-06-01' } },
    ]);
    await ask(upstreams, 'claude', { protocol: 'anthropic', path: '/messages', headers: { 'anthropic-version': '2099-01-01' } });
    expect(server.requests[1]?.headers['anthropic-version']).toBe('2099-01-01');
  });
});

describe('streams', () => {
  test('wait while the client does, and no byte is lost', async () => {
    const server = kept(
      await serve((_request, response) => {
        for (let n = 0; n < 64; n++) response.write(Buffer.alloc(64 * 1024, n));
        response.end();
      }),
    );
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    let length = 0;
    let isPaused = false;
    await new Promise<void>((resolve, reject) => {
      const sink: Sink = {
        head: () => {},
        data(chunk) {
          if (isPaused) reject(new Error('data while paused'));
          length += chunk.length;
          isPaused = true;
          setTimeout(() => {
            isPaused = false;
            sending.resume();
          }, 1);
          return false;
        },
        end: resolve,
        error: reject,
      };
      const sending = upstreams.send('m', CHAT, sink);
    });
    expect(length).toBe(64 * 64 * 1024);
  });

  test('that the client aborts close their connections at once, and nothing more is said', async () => {
    let closed = 0;
    const server = kept(
      await serve((_request, response) => {
        const timer = setInterval(() => response.write('data: x\n\n'), 5);
        response.on('close', () => {
          closed++;
          clearInterval(timer);
        });
      }),
    );
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    const calls: string[] = [];
    await new Promise<void>((resolve) => {
      void ask(upstreams, 'm', { stream: true }, (event, sending) => {
        calls.push(event);
        if (calls.length < 4) return;
        sending().abort();
        resolve();
      });
    });
    await vi.waitFor(() => expect(closed).toBe(1), 1_000);
    const { length } = calls;
    await pause(50);
    expect(calls).toHaveLength(length);
    expect(upstreams.health()).toMatchObject([{ inFlight: 0, targets: [{ inFlight: 0, failures: 0 }] }]);
  });

  test('an abort before the connection is there leaves nothing behind', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    const calls: string[] = [];
    const note = (name: string) => () => (calls.push(name), true);
    const sink = { head: note('head'), data: note('data'), end: note('end'), error: note('error') };
    upstreams.send('m', CHAT, sink).abort();
    await pause(100);
    expect(calls).toEqual([]);
    expect(upstreams.health()).toMatchObject([{ inFlight: 0 }]);
    expect(await ask(upstreams)).toMatchObject({ status: 200 });
  });
});

describe('load', () => {
  test('beyond the connections is refused, and places come free again', async () => {
    const held: (() => void)[] = [];
    const server = kept(await serve((_request, response) => void held.push(() => response.end('done'))));
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { connections: 2 })] }));
    const first = [ask(upstreams), ask(upstreams)];
    await vi.waitFor(() => expect(held).toHaveLength(2));
    expect(await ask(upstreams)).toMatchObject({ error: { code: 'gateway.unavailable' } });
    for (const release of held.splice(0)) release();
    expect(await Promise.all(first)).toMatchObject([{ body: 'done' }, { body: 'done' }]);
    const again = ask(upstreams);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    held[0]?.();
    expect(await again).toMatchObject({ body: 'done' });
  });

  test('of a thousand requests, many of them aborted or broken, leaves no place taken and no connection but idle ones', async () => {
    const server = kept(
      await serve((request, response) => {
        const kind = Number(request.headers['x-kind']);
        if (kind === 0) return void response.destroy();
        response.writeHead(kind === 1 ? 503 : 200);
        response.write('part');
        if (kind === 2) setTimeout(() => response.destroy(), 2);
        else if (kind !== 3) response.end('rest');
      }),
    );
    const upstreams = kept(
      open({ upstreams: [plain('a', server.url, { connections: 50 })], resilience: { failures: 1000, failureRatio: 1 } }),
    );
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => {
          const kind = n % 6;
          const headers = { 'x-kind': String(kind) };
          if (kind !== 3) return ask(upstreams, 'm', { headers });
          return new Promise<void>((resolve) => {
            void ask(upstreams, 'm', { headers }, (_event, sending) => {
              sending().abort();
              resolve();
            }).then(() => resolve());
          });
        }),
      );
    }
    await vi.waitFor(() => expect(upstreams.health()).toMatchObject([{ inFlight: 0, targets: [{ inFlight: 0 }] }]), 2_000);
    expect(server.sockets.size).toBeLessThanOrEqual(50);
  });
});

describe('another configuration', () => {
  test('is used from the next request on; requests under way end as they began, and their connections with them', async () => {
    let finish = (): void => {};
    const old = kept(
      await serve((_request, response) => {
        response.write('old ');
        finish = () => response.end('end');
      }),
    );
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', old.url)] }));
    const under = ask(upstreams);
    await vi.waitFor(() => expect(old.requests).toHaveLength(1));
    upstreams.reconfigure(configOf({ upstreams: [plain('a', server.url)] }));
    expect((await ask(upstreams)).body).toContain('"m"');
    finish();
    expect(await under).toMatchObject({ body: 'old end' });
    await vi.waitFor(() => expect(old.sockets.size).toBe(0), 1_000);
  });

  test('lets a request that waits for its next attempt make it', async () => {
    let count = 0;
    const old = kept(
      await serve((_request, response) => {
        if (count++ === 0) response.writeHead(503, { 'retry-after-ms': '80' });
        response.end('old');
      }),
    );
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', old.url)] }));
    const under = ask(upstreams);
    await vi.waitFor(() => expect(old.requests).toHaveLength(1));
    upstreams.reconfigure(configOf({ upstreams: [plain('a', server.url)] }));
    expect(await under).toMatchObject({ status: 200, body: 'old', attempts: 2 });
    await vi.waitFor(() => expect(old.sockets.size).toBe(0), 1_000);
  });

  test('that is wrong changes nothing; an upstream that is as it was keeps its connections and what is known of it', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    await ask(upstreams);
    const bad = configOf({ upstreams: [plain('a', server.url), plain('b', 'http://192.0.2.1')] });
    expect(() => upstreams.reconfigure(bad)).toThrow(/b: 192\.0\.2\.1 is not allowed/);
    upstreams.reconfigure(configOf({ upstreams: [plain('a', server.url)], models: { x: { targets: [{ upstream: 'a' }] } } }));
    expect(await ask(upstreams, 'x')).toMatchObject({ status: 200 });
    expect(await ask(upstreams, 'm')).toMatchObject({ error: { code: 'model.missing' } });
    expect(upstreams.health()).toMatchObject([{ targets: [{ requests: 2 }] }]);
  });

  test('rotated keys are used from the next request on', async () => {
    const server = await echo();
    const secrets = secretsOf({ 'env:KEY': 'first' });
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { apiKey: 'env:KEY' })] }, { secrets }));
    await ask(upstreams);
    secrets.change('env:KEY', 'second');
    await ask(upstreams);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  test('a credential that is missing says so in the state, and nothing of where it is to the client', async () => {
    const server = await echo();
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { apiKey: 'env:ABSENT' })] }));
    const { error } = await ask(upstreams);
    expect(error).toMatchObject({ code: 'upstream.failed' });
    expect(error?.message).not.toContain('ABSENT');
    expect(upstreams.health()[0]?.problem).toContain('ABSENT');
    expect(server.requests).toHaveLength(0);
  });
});

test('close waits for what is under way, but not for ever', async () => {
  const server = kept(await serveRaw((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')));
  const upstreams: Upstreams = open({ upstreams: [plain('a', server.url)] }, { drainMs: 100 });
  void ask(upstreams);
  await vi.waitFor(() => expect(server.sockets.size).toBe(1));
  const started = performance.now();
  await upstreams.close();
  expect(performance.now() - started).toBeGreaterThan(80);
  await vi.waitFor(() => expect(server.sockets.size).toBe(0), 1_000);
  expect(await ask(upstreams)).toMatchObject({ error: { code: 'gateway.unavailable' } });
});

function configOf(config: object): Parameters<Upstreams['reconfigure']>[0] {
  return UpstreamsConfig.parse(config);
}

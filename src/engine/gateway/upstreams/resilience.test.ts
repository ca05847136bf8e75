import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, open, plain, serve, serveRaw, type TestServer } from './testing.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

/** Answers with these statuses, one after the other, the last one for ever. */
async function statuses(...list: (number | [number, Record<string, string>])[]): Promise<TestServer> {
  let at = 0;
  return kept(
    await serve((_request, response) => {
      const one = list[Math.min(at++, list.length - 1)]!;
      const [status, headers] = typeof one === 'number' ? [one, {}] : one;
      response.writeHead(status, headers);
      response.end(`status ${status}`);
    }),
  );
}

const two = (a: TestServer, b: TestServer) => [plain('a', a.url), plain('b', b.url)];

describe('retries', () => {
  test('end with the first answer, and the client sees that one alone', async () => {
    const server = await statuses(503, 500, 200);
    const outcome = await ask(kept(open({ upstreams: [plain('a', server.url)] })));
    expect(outcome).toMatchObject({ status: 200, body: 'status 200', attempts: 3, calls: ['head', 'data', 'end'] });
  });

  test('are as many as are configured; the last answer is passed on as it is', async () => {
    const server = await statuses([503, { 'retry-after': '0' }]);
    const models = { m: { targets: [{ upstream: 'a' }], retries: 1 } };
    const outcome = await ask(kept(open({ upstreams: [plain('a', server.url)], models })));
    expect(outcome).toMatchObject({ status: 503, body: 'status 503', attempts: 2, headers: { 'retry-after': '0' } });
    expect(server.requests).toHaveLength(2);
  });

  test.each([400, 404, 409, 422])('are not made after status %i', async (status) => {
    const server = await statuses(status);
    expect(await ask(kept(open({ upstreams: [plain('a', server.url)] })))).toMatchObject({ status, attempts: 1 });
  });

  test('wait as long as the provider asks, if that is not long', async () => {
    const server = await statuses([429, { 'retry-after-ms': '150' }], 200);
    const started = performance.now();
    expect(await ask(kept(open({ upstreams: [plain('a', server.url)] })))).toMatchObject({ status: 200, attempts: 2 });
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  test.each([
    ['retry-after', '3600'],
    ['retry-after', new Date(Date.now() + 3_600_000).toUTCString()],
    ['retry-after-ms', '3600000'],
  ])('are not made when the provider asks to wait too long (%s: %s)', async (name, value) => {
    const server = await statuses([429, { [name]: value }]);
    expect(await ask(kept(open({ upstreams: [plain('a', server.url)] })))).toMatchObject({ status: 429, attempts: 1 });
  });

  test.each(['-1', 'soon', '1e9', '', '9'.repeat(400)])('do not believe a Retry-After of %j', async (value) => {
    const server = await statuses([429, { 'retry-after': value }], 200);
    expect(await ask(kept(open({ upstreams: [plain('a', server.url)] })))).toMatchObject({ status: 200, attempts: 2 });
  });

  test('are not made of what must not happen twice, unless nothing was sent or nothing was done', async () => {
    const broken = kept(await serveRaw((socket) => socket.destroy()));
    const upstreams = kept(open({ upstreams: [plain('a', broken.url)] }));
    expect(await ask(upstreams, 'm', { idempotent: false })).toMatchObject({ attempts: 1, error: { code: 'upstream.failed' } });
    const failing = await statuses(500, 200);
    expect(await ask(kept(open({ upstreams: [plain('a', failing.url)] })), 'm', { idempotent: false })).toMatchObject({ status: 500 });
    const limited = await statuses(429, 200);
    expect(await ask(kept(open({ upstreams: [plain('a', limited.url)] })), 'm', { idempotent: false })).toMatchObject({ status: 200 });
    const closed = await statuses(200);
    await closed.close();
    opened.splice(opened.indexOf(closed), 1);
    const upstream = kept(open({ upstreams: [plain('a', closed.url)], resilience: { failures: 100 } }));
    expect(await ask(upstream, 'm', { idempotent: false })).toMatchObject({ attempts: 3 });
  });

  test('are not made once a byte has reached the client', async () => {
    const server = kept(
      await serve((_request, response) => {
        response.write('part');
        setTimeout(() => response.destroy(), 20);
      }),
    );
    const outcome = await ask(kept(open({ upstreams: [plain('a', server.url)] })), 'm', { stream: true });
    expect(outcome).toMatchObject({ attempts: 1, body: 'part', sentHead: true, error: { code: 'upstream.failed' } });
  });

  test('are made when the head of an answer came but nothing of its body', async () => {
    let count = 0;
    const server = kept(
      await serve((_request, response) => {
        if (count++ > 0) return void response.end('whole');
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        setTimeout(() => response.destroy(), 20);
      }),
    );
    const outcome = await ask(kept(open({ upstreams: [plain('a', server.url)] })), 'm', { stream: true });
    expect(outcome).toMatchObject({ attempts: 2, body: 'whole', calls: ['head', 'data', 'end'] });
  });

  test('against a provider in trouble stay within the budget', async () => {
    const server = await statuses(500);
    const resilience = { retryRatio: 0.1, retryBurst: 5, failures: 1_000, failureRatio: 1, minRequests: 100_000, maxWaitMs: 0 };
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], resilience }));
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 20 }, () => ask(upstreams)));
    const [health] = upstreams.health();
    expect(server.requests.length).toBeLessThanOrEqual(200 + 5 + 20);
    expect(server.requests.length).toBe(200 + (health?.retries ?? 0));
    expect(health?.retriesDenied).toBeGreaterThan(0);
  });

  test.each([
    ['never ends', () => undefined],
    ['ends too late', (socket: Socket) => void setTimeout(() => socket.destroy(), 30)],
    ['is long', (socket: Socket) => socket.write('x'.repeat(200_000))],
    ['is garbage', (socket: Socket) => socket.resetAndDestroy()],
  ])('an answer that nobody wants and that %s does not disturb the next attempt', async (_name, rest) => {
    const server = kept(
      await serveRaw((socket, count) => {
        if (count > 0) return void setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 250);
        socket.write('HTTP/1.1 503 No\r\nretry-after-ms: 1\r\ncontent-length: 300000\r\n\r\npart');
        rest(socket);
      }),
    );
    const timeouts = { firstByteMs: 400, idleMs: 100, totalMs: 400 };
    const upstreams = kept(open({ upstreams: [plain('a', server.url, { timeouts })] }));
    expect(await ask(upstreams)).toMatchObject({ status: 200, body: 'ok', attempts: 2, calls: ['head', 'data', 'end'] });
    await vi.waitFor(() => expect(upstreams.health()).toMatchObject([{ inFlight: 0, targets: [{ inFlight: 0 }] }]), 1_000);
  });

  test('an abort while waiting for the next attempt ends it', async () => {
    const server = await statuses([429, { 'retry-after-ms': '100' }], 200);
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    const calls: string[] = [];
    const note = (name: string) => () => (calls.push(name), true);
    const sending = upstreams.send(
      'm',
      { protocol: 'openai', path: '/x', method: 'POST', headers: {}, body: () => Buffer.from('{}'), idempotent: true, stream: false },
      { head: note('head'), data: note('data'), end: note('end'), error: note('error') },
    );
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await pause(20);
    sending.abort();
    await pause(150);
    expect(calls).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('other targets and fallbacks', () => {
  test('another target is tried at once, and no retry is spent on the one that failed', async () => {
    const bad = await statuses([500, { 'retry-after': '60' }]);
    const good = await statuses(200);
    const models = { m: { targets: [{ upstream: 'a' }, { upstream: 'b' }], strategy: 'first' } };
    const upstreams = kept(open({ upstreams: two(bad, good), models }));
    expect(await ask(upstreams)).toMatchObject({ status: 200, attempts: 2, target: { upstream: 'b' } });
    expect(bad.requests).toHaveLength(1);
    expect(upstreams.health().map(({ retries }) => retries)).toEqual([0, 0]);
  });

  test('a refused credential is met by another provider', async () => {
    const bad = await statuses(401);
    const good = await statuses(200);
    const models = { m: { targets: [{ upstream: 'a' }, { upstream: 'b' }], strategy: 'first' } };
    const upstreams = kept(open({ upstreams: two(bad, good), models }));
    expect(await ask(upstreams)).toMatchObject({ status: 200, target: { upstream: 'b' } });
    expect(upstreams.health()[0]?.problem).toContain('refuses the credential');
  });

  test('a chain of fallbacks is gone down, each model once, with the body for each', async () => {
    const bad = await statuses([429, { 'retry-after': '3600' }]);
    const good = await statuses(200);
    const models = {
      first: { targets: [{ upstream: 'a', model: 'one' }], fallback: ['second', 'first'] },
      second: { targets: [{ upstream: 'a', model: 'two' }], fallback: ['first', 'third'] },
      third: { targets: [{ upstream: 'b' }] },
    };
    const upstreams = kept(open({ upstreams: two(bad, good), models }));
    expect(await ask(upstreams, 'first')).toMatchObject({ status: 200, attempts: 3, target: { upstream: 'b', model: 'third' } });
    expect([...bad.requests, ...good.requests].map(({ body }) => JSON.parse(body).model)).toEqual(['one', 'two', 'third']);
    expect(upstreams.targetsOf('first')?.map(({ model }) => model)).toEqual(['one', 'two', 'third']);
  });

  test('a cycle of models that all fail ends', async () => {
    const bad = await statuses(500);
    const to = (fallback: string[]): object => ({ targets: [{ upstream: 'a' }], fallback, retries: 0 });
    const models = { x: to(['y']), y: to(['x']) };
    const resilience = { failures: 100 };
    expect(await ask(kept(open({ upstreams: [plain('a', bad.url)], models, resilience })), 'x')).toMatchObject({
      status: 500,
      attempts: 2,
    });
  });

  test('a body that cannot be made for a target is an error of the request', async () => {
    const server = await statuses(200);
    const upstreams = kept(open({ upstreams: [plain('a', server.url)] }));
    const body = (): Buffer => {
      throw new Error('internals');
    };
    expect(await ask(upstreams, 'm', { body })).toMatchObject({ error: { code: 'internal.bug', message: 'the request cannot be made' } });
    expect(upstreams.health()[0]?.inFlight).toBe(0);
  });
});

describe('circuits', () => {
  const resilience = { failures: 3, openMs: 100, probes: 2, retryRatio: 0, retryBurst: 0 };
  const alone = { m: { targets: [{ upstream: 'a' }], retries: 0 } };

  test('open after failures in a row, refuse at once, let one request at a time through, and close', async () => {
    let isWell = false;
    let under = 0;
    let most = 0;
    const server = kept(
      await serve((_request, response) => {
        most = Math.max(most, ++under);
        setTimeout(() => {
          under--;
          response.writeHead(isWell ? 200 : 500).end('x');
        }, 10);
      }),
    );
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models: alone, resilience }));
    for (let n = 0; n < 3; n++) expect(await ask(upstreams)).toMatchObject({ status: 500 });
    expect(upstreams.health()).toMatchObject([{ targets: [{ state: 'open' }] }]);
    expect(await ask(upstreams)).toMatchObject({ error: { code: 'gateway.unavailable' }, attempts: 0 });
    expect(server.requests).toHaveLength(3);
    isWell = true;
    most = 0;
    await pause(120);
    const many = await Promise.all(Array.from({ length: 10 }, () => ask(upstreams)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(most).toBe(1);
    await ask(upstreams);
    expect(upstreams.health()).toMatchObject([{ targets: [{ state: 'closed' }] }]);
    expect((await Promise.all(Array.from({ length: 10 }, () => ask(upstreams)))).every(({ status }) => status === 200)).toBe(true);
  });

  test('that open while requests wait for their next attempts keep those away, too', async () => {
    const server = await statuses([503, { 'retry-after-ms': '60' }]);
    const models = { m: { targets: [{ upstream: 'a' }], retries: 1 } };
    const generous = { failures: 4, openMs: 60_000, retryRatio: 1, retryBurst: 100 };
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models, resilience: generous }));
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => ask(upstreams)));
    expect(server.requests).toHaveLength(4);
    expect(outcomes.filter(({ error }) => error?.code === 'gateway.unavailable')).toHaveLength(3);
    expect(outcomes.filter(({ status }) => status === 503)).toHaveLength(1);
  });

  test('open again for longer when the probe fails', async () => {
    const server = await statuses(500);
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models: alone, resilience }, { random: () => 1 }));
    for (let n = 0; n < 3; n++) await ask(upstreams);
    await pause(110);
    await ask(upstreams);
    const [target] = upstreams.health()[0]?.targets ?? [];
    expect(target).toMatchObject({ state: 'open' });
    expect(target?.retryInMs).toBeGreaterThan(100);
  });

  test('a limit that was reached, and an abort of the client, open none', async () => {
    const server = await statuses([429, { 'retry-after': '60' }]);
    const upstreams = kept(open({ upstreams: [plain('a', server.url)], models: alone, resilience }));
    for (let n = 0; n < 10; n++) await ask(upstreams);
    expect(upstreams.health()).toMatchObject([{ targets: [{ state: 'closed', failures: 0 }] }]);
  });

  test('a target whose limit is reached is avoided while there is another', async () => {
    const limited = await statuses([429, { 'retry-after': '60' }]);
    const good = await statuses(200);
    const models = { m: { targets: [{ upstream: 'a', weight: 1_000 }, { upstream: 'b' }] } };
    const upstreams = kept(open({ upstreams: two(limited, good), models }));
    for (let n = 0; n < 20; n++) expect(await ask(upstreams)).toMatchObject({ status: 200 });
    expect(limited.requests.length).toBeLessThanOrEqual(1);
  });

  test('a target that fails much more often than its peers is left out', async () => {
    let count = 0;
    const flaky = kept(await serve((_request, response) => void response.writeHead(count++ % 3 === 0 ? 500 : 200).end('x')));
    const good = await statuses(200);
    const models = { m: { targets: [{ upstream: 'a' }, { upstream: 'b' }], retries: 0 } };
    const upstreams = kept(open({ upstreams: two(flaky, good), models, resilience: { minRequests: 10, openMs: 60_000 } }));
    for (let n = 0; n < 100; n++) await ask(upstreams);
    expect(upstreams.health()[0]?.targets[0]?.state).toBe('ejected');
    const { length } = flaky.requests;
    for (let n = 0; n < 20; n++) expect(await ask(upstreams)).toMatchObject({ status: 200 });
    expect(flaky.requests).toHaveLength(length);
  });

  test('when every target fails, none is left out for being worse than the others', async () => {
    const a = await statuses(500, 200, 200);
    const b = await statuses(500, 200, 200);
    const models = { m: { targets: [{ upstream: 'a' }, { upstream: 'b' }], retries: 0 } };
    const upstreams = kept(open({ upstreams: two(a, b), models, resilience: { minRequests: 5, failures: 1_000, failureRatio: 1 } }));
    for (let n = 0; n < 60; n++) await ask(upstreams);
    expect(upstreams.health().filter(({ targets }) => targets[0]?.state === 'ejected').length).toBeLessThanOrEqual(1);
  });
});

test('the latency strategy sends most requests to the faster target', async () => {
  const slow = kept(await serve((_request, response) => void setTimeout(() => response.end('slow'), 40)));
  const fast = kept(await serve((_request, response) => void setTimeout(() => response.end('fast'), 2)));
  const models = { m: { targets: [{ upstream: 'a' }, { upstream: 'b' }], strategy: 'latency' } };
  const upstreams = kept(open({ upstreams: two(slow, fast), models }));
  for (let n = 0; n < 60; n++) await ask(upstreams);
  expect(fast.requests.length).toBeGreaterThan(50);
});

import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, open, plain, serveRaw, type TestServer } from './testing.ts';
import type { Upstreams } from './upstreams.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const SECRET = 'sk-test-credential';
const FAST = { connectMs: 300, firstByteMs: 500, idleMs: 500, totalMs: 1_500 };

/** An upstream that answers with these bytes, and a gateway that asks it once. */
async function against(
  answer: (socket: Socket, count: number) => void,
  more: object = {},
): Promise<{ server: TestServer; upstreams: Upstreams }> {
  const server = await serveRaw(answer);
  opened.push(server);
  const upstreams = open({
    upstreams: [plain('bad', server.url, { apiKey: 'env:KEY', timeouts: FAST, maxResponseBytes: 100_000, ...more })],
    models: { m: { targets: [{ upstream: 'bad' }], retries: 0 } },
  });
  opened.push(upstreams);
  return { server, upstreams };
}

function every(ms: number, socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), ms);
  socket.on('close', () => clearInterval(timer));
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('before the first byte', () => {
  test.each<[string, (socket: Socket) => void, RegExp, string?]>([
    ['closes the connection', (socket) => socket.destroy(), /broke off/],
    ['resets the connection', (socket) => socket.resetAndDestroy(), /broke off/],
    ['says nothing', () => undefined, /no answer within 500 ms/, 'upstream.late'],
    ['drips headers for ever', (socket) => (socket.write(OK), every(5, socket, 'x-a: b\r\n')), /too large|no answer within/],
    [
      'sends too large headers',
      (socket) => socket.write(`${OK}x-a: ${'b'.repeat(100_000)}\r\n\r\n`),
      /headers of its answer are too large/,
    ],
    [
      'sends headers without number',
      (socket) => socket.write(`${OK}${'a: b\r\n'.repeat(20_000)}\r\n`),
      /headers of its answer are too large/,
    ],
    ['speaks another protocol', (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'), /no valid HTTP/],
    ['sends two lengths', (socket) => socket.end(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nabc`), /no valid HTTP|length/],
    [
      'sends a length and chunks',
      (socket) => socket.end(`${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
      /another length|in two ways/,
    ],
    ['sends a wrong chunk length', (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n`), /no valid HTTP/],
    ['folds a header', (socket) => socket.end(`${OK}x-a: b\r\n content-length: 0\r\n\r\n`), /no valid HTTP|broke off/],
    ['ends lines with line feeds only', (socket) => socket.end('HTTP/1.1 200 OK\ncontent-length: 1\n\na'), /no valid HTTP/],
    [
      'switches protocols',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      /connection|broke off|switch/,
    ],
    [
      'sends interim answers without end',
      (socket) => every(1, socket, 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n'),
      /interim answers|connection failed/,
    ],
    [
      'redirects',
      (socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
      /redirects \(status 302\)/,
    ],
    ['compresses', (socket) => socket.end(`${OK}content-encoding: gzip\r\ncontent-length: 1\r\n\r\na`), /compresses/],
    ['announces too much', (socket) => socket.end(`${OK}content-length: 100001\r\n\r\n`), /more than 100000 bytes/],
    [
      'refuses the credential and quotes it',
      (socket) => socket.end(`HTTP/1.1 401 No\r\ncontent-length: 18\r\n\r\n${SECRET}`),
      /refuses the credential/,
    ],
    [
      'quotes the credential in an error',
      (socket) => socket.end(`HTTP/1.1 400 No\r\ncontent-length: 23\r\n\r\nkey: ${SECRET}`),
      /quotes a credential/,
    ],
    [
      'sends an error without end',
      (socket) => (socket.write('HTTP/1.1 400 No\r\n\r\n'), every(1, socket, 'x'.repeat(50_000))),
      /more than \d+ bytes/,
    ],
  ])('an upstream that %s is a failure', async (_name, answer, message, code = 'upstream.failed') => {
    const { upstreams } = await against(answer);
    const outcome = await ask(upstreams, 'm');
    expect(outcome).toMatchObject({ calls: ['error'], sentHead: false, body: '' });
    expect(outcome.error?.code).toMatch(code === 'upstream.failed' ? /^upstream\.(?:failed|late)$/ : code);
    expect(outcome.error?.message).toMatch(message);
    expect(`${outcome.error?.message}${String(outcome.error?.cause)}`).not.toContain(SECRET);
    expect(upstreams.health()).toMatchObject([{ inFlight: 0, targets: [{ inFlight: 0 }] }]);
  });

  test('nothing that listens is a failure that names the upstream and no address', async () => {
    const { server, upstreams } = await against(() => undefined);
    await server.close();
    opened.shift();
    const { error } = await ask(upstreams, 'm');
    expect(error).toMatchObject({ code: 'upstream.failed', message: 'the upstream bad: nothing listens at its address' });
  });
});

describe('in the middle of an answer', () => {
  const begin = `${OK}content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`;
  test.each<[string, (socket: Socket) => void, RegExp, string?]>([
    ['closes the connection', (socket) => void setTimeout(() => socket.end(), 20), /broke off/],
    ['resets the connection', (socket) => void setTimeout(() => socket.resetAndDestroy(), 20), /broke off/],
    ['says nothing more', () => undefined, /nothing more for 500 ms/, 'upstream.late'],
    ['never ends', (socket) => every(20, socket, '3\r\nabc\r\n'), /no whole answer within 1500 ms/, 'upstream.late'],
    ['sends too much', (socket) => every(1, socket, `4e20\r\n${'x'.repeat(20_000)}\r\n`), /more than 100000 bytes/],
    ['sends garbage', (socket) => void setTimeout(() => socket.write('not a length\r\n'), 20), /no valid HTTP/],
  ])('an upstream that %s ends it with an error', async (_name, answer, message, code = 'upstream.failed') => {
    const { upstreams } = await against((socket) => {
      socket.write(begin);
      answer(socket);
    });
    const outcome = await ask(upstreams, 'm', { stream: true });
    expect(outcome).toMatchObject({ status: 200, sentHead: true, error: { code } });
    expect(outcome.error?.message).toMatch(message);
    expect(outcome.body).toMatch(/^abc/);
    expect(outcome.calls.filter((call) => call === 'head' || call === 'error')).toEqual(['head', 'error']);
    expect(upstreams.health()).toMatchObject([{ inFlight: 0, targets: [{ inFlight: 0, failures: 1 }] }]);
  });

  test('less than was announced is an error', async () => {
    const { upstreams } = await against((socket) => socket.end(`${OK}content-length: 10\r\n\r\nabc`));
    expect(await ask(upstreams, 'm')).toMatchObject({ body: 'abc', sentHead: true, error: { code: 'upstream.failed' } });
  });
});

describe('answers that nobody asked for', () => {
  test('behind an answer never reach the next request', async () => {
    const { upstreams } = await against((socket, count) => {
      const good = `${OK}content-length: 2\r\n\r\n${count}!`;
      socket.write(count === 0 ? `${good}${OK}content-length: 4\r\n\r\nevil` : good);
    });
    const first = await ask(upstreams, 'm');
    const second = await ask(upstreams, 'm');
    expect(`${first.body} ${second.body}`).not.toContain('evil');
  });

  test('on an idle connection never reach the next request', async () => {
    const { upstreams } = await against((socket, count) => {
      socket.write(`${OK}content-length: 2\r\n\r\n${count}!`);
      if (count === 0) setTimeout(() => socket.write(`${OK}content-length: 4\r\n\r\nevil`), 30);
    });
    await ask(upstreams, 'm');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ask(upstreams, 'm')).toMatchObject({ status: 200, body: '1!' });
  });
});

test('an empty answer is an answer', async () => {
  const { upstreams } = await against((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  expect(await ask(upstreams, 'm')).toMatchObject({ status: 204, body: '', calls: ['head', 'end'] });
});

test('one interim answer is passed over', async () => {
  const { upstreams } = await against((socket) =>
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${OK}content-length: 2\r\n\r\nok`),
  );
  expect(await ask(upstreams, 'm')).toMatchObject({ status: 200, body: 'ok' });
});

import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { endIdleConnections } from './idle-connections.ts';

/** Why not shorter: client and server share a thread, and a busy machine stops it for a while. */
const IDLE_MS = 400;

let server: Server;
afterEach(() => void server.close());

async function listening(listener: RequestListener, idleMs = IDLE_MS): Promise<number> {
  server = createServer({ requestTimeout: 0, keepAliveTimeout: IDLE_MS }, listener);
  endIdleConnections(server, idleMs);
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  return (server.address() as AddressInfo).port;
}

/** What the server sends until it closes the connection; `undefined` when it is still open after `ms`. */
function exchange(port: number, text: string, ms: number, reads = true): Promise<string | undefined> {
  return new Promise((settled) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const timer = setTimeout(() => {
      settled(undefined);
      socket.destroy();
    }, ms);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      settled(received);
    });
    if (reads) socket.on('data', (bytes) => (received += bytes.toString()));
    else socket.pause();
    socket.write(text);
  });
}

const UNFINISHED = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc';

test('a body that does not go on ends the connection', async () => {
  const port = await listening((request, response) => {
    request.resume();
    request.on('end', () => response.end('never'));
  });
  expect(await exchange(port, UNFINISHED, 8_000)).toBe('');
});

test('so does one that nobody reads after the answer', async () => {
  const port = await listening((_, response) => void response.writeHead(401).end('who?'));
  expect(await exchange(port, UNFINISHED, 8_000)).toContain('401');
});

test('a client that does not read what it asked for is let go', async () => {
  let closed = false;
  const port = await listening((_, response) => {
    response.on('close', () => (closed = true));
    response.write(Buffer.alloc(64 * 1024 * 1024));
  });
  const gone = exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 6_000, false);
  await expect.poll(() => closed, { timeout: 5_000 }).toBe(true);
  await gone;
});

test('work that takes longer than that goes on', async () => {
  const port = await listening((request, response) => {
    request.resume();
    setTimeout(() => response.end('done'), IDLE_MS * 5);
  });
  expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 8_000)).toContain('done');
});

test('a body that the server is slow to take is not the fault of the client', async () => {
  const port = await listening((request, response) => {
    setTimeout(() => {
      request.resume();
      request.on('end', () => response.end('done'));
    }, IDLE_MS * 5);
  });
  const body = 'x'.repeat(4 * 1024 * 1024);
  const text = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect(await exchange(port, text, 12_000)).toContain('done');
});

test('who is refused in the middle of a body gets the answer, and the connection ends', async () => {
  const port = await listening(async (request, response) => {
    for await (const _ of request) break;
    response.writeHead(400).end('too much');
  }, 60_000);
  const text = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n${'x'.repeat(4_000_000)}`;
  const socket = exchange(port, text, 4_000);
  expect(await socket).toContain('too much');
});

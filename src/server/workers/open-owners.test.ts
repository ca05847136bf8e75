import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { SILENT } from '../../core/logger.ts';
import { isPassedOn, peerOf } from '../../identity/certificates/vouched-name.ts';
import { type OpenOwners, openOwners } from './open-owners.ts';
import { workersFolder } from './workers-folder.ts';

let folder: string;
let door: OpenOwners;
let house: OpenOwners;
let port: number;
let listener: RequestListener;
const problems: unknown[] = [];
const server = createServer((incoming, response) => {
  door.passOn(1, incoming, response).catch((error: unknown) => {
    problems.push(error);
    response.writeHead(503).end();
  });
});

beforeAll(async () => {
  folder = await workersFolder();
  [door, house] = (await Promise.all([0, 1].map((number) => openOwners({ place: { number, count: 2 }, folder, log: SILENT })))) as [
    OpenOwners,
    OpenOwners,
  ];
  await house.listen((incoming, response) => listener(incoming, response));
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await Promise.all([door.end(), house.end()]);
  await rm(folder, { recursive: true, force: true });
});

async function ask(headers: string[], body?: string): Promise<{ status: number; raw: string[]; text: string }> {
  return new Promise((settled, failed) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/v1/x?y=%20', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => settled({ status: answer.statusCode!, raw: answer.rawHeaders, text: Buffer.concat(chunks).toString() }));
      answer.on('error', failed);
    });
    sent.on('error', failed).end(body);
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('every name has one owner, found alike by all, and evenly', () => {
  let there = 0;
  for (let name = 0; name < 1_000; name++) {
    const [one, other] = [door.elsewhere(`${name}`), house.elsewhere(`${name}`)];
    expect([one, other]).toEqual(one === undefined ? [undefined, 0] : [1, undefined]);
    if (one === 1) there++;
  }
  expect(Math.abs(there - 500)).toBeLessThan(100);
});

test('a request arrives as it came, headers that were sent twice and the other end of the connection included', async () => {
  let got: { readonly url: string | undefined; readonly raw: string[]; readonly peer: unknown; readonly text: string } | undefined;
  listener = (incoming, response) => {
    void textOf(incoming).then((text) => {
      got = { url: incoming.url, raw: [...incoming.rawHeaders], peer: peerOf(incoming), text };
      expect(isPassedOn(incoming)).toBe(true);
      response.writeHead(201, ['set-cookie', 'a=1', 'set-cookie', 'b=2', 'content-type', 'text/plain']).end('done');
    });
  };
  const forged = `${'0'.repeat(64)}.${Buffer.from('{"address":"10.0.0.1"}').toString('base64url')}`;
  const body = 'x'.repeat(300_000);
  const headers = ['host', 'h', 'authorization', 'one', 'authorization', 'two', 'x-cordon-worker', forged, 'expect', '100-continue'];
  const answer = await ask([...headers, 'content-length', `${body.length}`], body);
  expect(answer).toMatchObject({ status: 201, text: 'done' });
  expect(answer.raw.filter((_, at) => answer.raw[at - 1] === 'set-cookie')).toEqual(['a=1', 'b=2']);
  expect(got).toMatchObject({ url: '/v1/x?y=%20', text: body, peer: { address: '127.0.0.1', isEncrypted: false } });
  const names = got!.raw.filter((_, at) => at % 2 === 0);
  expect(names.filter((name) => name === 'authorization')).toHaveLength(2);
  expect(names).not.toContain('x-cordon-worker');
});

test('a stream comes piece by piece, and ends when the client leaves', async () => {
  let left = false;
  let more: (() => void) | undefined;
  listener = (_, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    more = () => void response.write('data: 2\n\n');
    response.on('close', () => (left = !response.writableFinished));
  };
  const pieces: string[] = [];
  await new Promise<void>((settled) => {
    const sent = request({ port, host: '127.0.0.1', method: 'GET', path: '/' }, (answer) => {
      answer.on('error', () => undefined);
      answer.on('data', (chunk: Buffer) => {
        pieces.push(chunk.toString());
        if (pieces.length === 1) return more?.();
        sent.destroy();
        settled();
      });
    });
    sent.on('error', () => undefined).end();
  });
  expect(pieces).toEqual(['data: 1\n\n', 'data: 2\n\n']);
  await expect.poll(() => left).toBe(true);
});

test('nobody comes in without the secret, and the folder is for this user only', async () => {
  let came = 0;
  listener = (_, response) => {
    came++;
    response.end();
  };
  for (const header of ['', 'x-cordon-worker: a.e30\r\n', 'x-cordon-worker: .\r\n']) {
    const text = await new Promise<string>((settled) => {
      let said = '';
      const socket = connect(join(folder, '1.sock'), () => socket.write(`GET / HTTP/1.1\r\nhost: h\r\n${header}\r\n`));
      socket.on('data', (chunk: Buffer) => (said += chunk.toString())).on('close', () => settled(said));
    });
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
  }
  expect(came).toBe(0);
  expect((await stat(folder)).mode & 0o077).toBe(0);
});

test('an owner that is not there is said to be unavailable; one that breaks off breaks off', async () => {
  listener = (_, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('12345', () => response.destroy());
  };
  await expect(ask(['host', 'h', 'content-length', '0'])).rejects.toThrow();
  const own = await mkdtemp(join(tmpdir(), 'cordon-'));
  await writeFile(join(own, 'secret'), 'x');
  const alone = await openOwners({ place: { number: 0, count: 2 }, folder: own, log: SILENT });
  const kept = door;
  door = alone;
  problems.length = 0;
  expect((await ask(['host', 'h', 'content-length', '2'], '{}')).status).toBe(503);
  door = kept;
  expect(problems).toMatchObject([{ code: 'gateway.unavailable' }]);
  expect(problems[0]).toBeInstanceOf(CordonError);
  await rm(own, { recursive: true, force: true });
});

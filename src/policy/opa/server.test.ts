import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Decision } from '../../core/decision.ts';
import { CordonError } from '../../core/errors.ts';
import { exampleFinding, exampleInput } from '../testing/example-input.ts';
import { resolveGate } from '../gates.ts';
import { openServerPolicy } from './server.ts';

const gate = resolveGate('ci', { gates: {} });
const INPUT = exampleInput({ findings: [exampleFinding()] });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function askServer(listener: RequestListener, token?: string): Promise<Decision> {
  return openServerPolicy({
    gate,
    url: await serve(listener),
    path: 'cordon/decision',
    timeoutMs: 1_500,
    token: token === undefined ? undefined : async () => token,
  })(INPUT);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

test('it posts the input document and takes messages or objects', async () => {
  const seen: unknown[] = [];
  const decision = await askServer((request, response) => {
    void bodyOf(request).then((body) => {
      seen.push(request.method, request.url, request.headers.authorization, body);
      response.end(JSON.stringify({ result: { deny: ['no'], warn: [{ id: 'w', message: 'hm', inputs: ['findings[0].rank=3'] }] } }));
    });
  }, 'secret');
  expect(seen).toEqual(['POST', '/v1/data/cordon/decision?provenance=true', 'Bearer secret', { input: INPUT }]);
  expect(decision).toMatchObject({
    engine: 'opa-server',
    gate: 'ci',
    effect: 'deny',
    reasons: [
      { id: 'deny', effect: 'deny', message: 'no', inputs: [] },
      { id: 'w', effect: 'warn', message: 'hm', inputs: ['findings[0].rank=3'] },
    ],
  });
});

test.each<[string, RequestListener, string]>([
  ['an undefined result', (_request, response) => response.end('{}'), 'the policy is undefined at this path'],
  ['a result without deny', (_request, response) => response.end('{"result": {}}'), 'the result is not {deny: [...], warn: [...]}: deny'],
  ['a boolean', (_request, response) => response.end('{"result": true}'), 'the result is not {deny: [...], warn: [...]}'],
  ['a status of 500', (_request, response) => response.writeHead(500).end('{"result": {"deny": []}}'), 'it answered with status 500'],
  ['a redirect', (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'http://127.0.0.1'],
  ['HTML', (_request, response) => response.end('<html>'), 'its answer is not JSON'],
  ['an array', (_request, response) => response.end('[]'), 'its answer is not that of an OPA server'],
  ['silence', () => {}, 'no answer within 1500 ms'],
  ['half an answer', (_request, response) => response.write('{"result":'), 'no answer within 1500 ms'],
  ['a closed connection', (request) => request.socket.destroy(), 'it cannot be reached (UND_ERR_SOCKET)'],
  ['nine megabytes', (_request, response) => response.end(`"${'x'.repeat(9_000_000)}"`), 'its answer is larger than'],
])('%s denies and says so', async (_name, listener, why) => {
  const decision = await askServer(listener);
  expect(decision.effect).toBe('deny');
  expect(decision.reasons).toHaveLength(1);
  expect(decision.reasons[0]).toMatchObject({ id: 'policy-unavailable', effect: 'deny' });
  expect(decision.reasons[0]?.message).toContain(why);
});

test('nobody listening denies and says so', async () => {
  const url = await serve(() => {});
  servers.pop()?.close();
  const decision = await openServerPolicy({ gate, url, path: 'p', timeoutMs: 1_000 })(INPUT);
  expect(decision.reasons[0]?.message).toContain(`${url}: it cannot be reached (ECONNREFUSED)`);
});

test('a token never leaves in clear text, a password never stands in the configuration', () => {
  const options = { gate, path: 'p', timeoutMs: 1 };
  expect(() => openServerPolicy({ ...options, url: 'http://opa.example', token: async () => 'x' })).toThrow('only sent over https');
  expect(() => openServerPolicy({ ...options, url: 'https://u:p@opa.example' })).toThrow('must not hold a user or password');
});

test('a token that is rotated counts with the next question; one that cannot be had or sent denies and is not quoted', async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(JSON.stringify({ result: { deny: [] } }));
  });
  let token = async (): Promise<string> => 'first';
  const ask = openServerPolicy({ gate, url, path: 'p', timeoutMs: 1_000, token: () => token() });
  await ask(INPUT);
  token = async () => 'second';
  await ask(INPUT);
  expect(seen).toEqual(['Bearer first', 'Bearer second']);
  token = () => Promise.reject(new CordonError('secret.unavailable', 'vault:a/b#c does not answer'));
  expect((await ask(INPUT)).reasons[0]?.message).toContain('its token cannot be had (secret.unavailable)');
  token = async () => 'sensitive\nvalue';
  const decision = await ask(INPUT);
  expect(decision).toMatchObject({ effect: 'deny' });
  expect(JSON.stringify(decision)).not.toContain('sensitive');
  expect(seen).toHaveLength(2);
});

import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { Drain } from './drain.ts';

test('a connection without a request does not hold the end up, one with a request is answered', async () => {
  let answer = (): void => undefined;
  const server = createServer((_, response) => void (answer = () => void response.end('done')));
  const drain = new Drain(server);
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  const { port } = server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  const silentGone = new Promise((settled) => silent.on('close', settled));
  const asking = connect(port, '127.0.0.1', () => asking.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  let got = '';
  asking.on('data', (chunk) => (got += chunk.toString()));
  await expect.poll(() => String(answer)).toContain('done');
  const ended = drain.end();
  await silentGone;
  answer();
  await ended;
  await expect.poll(() => got).toContain('done');
});

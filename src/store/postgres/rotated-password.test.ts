import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

/** As much of a Postgres as asks for a password in clear text, and then turns everybody away. */
async function postgres(shown: string[]): Promise<string> {
  server = createServer((socket: Socket) => {
    let isStarted = false;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!isStarted) {
        isStarted = true;
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        return;
      }
      shown.push(bytes.toString('utf8', 5, bytes.length - 1));
      const fields = Buffer.from('SFATAL\0C28P01\0Mno\0\0');
      const head = Buffer.alloc(5, 'E');
      head.writeInt32BE(4 + fields.length, 1);
      socket.end(Buffer.concat([head, fields]));
    });
  });
  await new Promise<void>((settled) => server!.listen(0, '127.0.0.1', settled));
  return `postgres://cordon@127.0.0.1:${(server.address() as AddressInfo).port}/cordon?sslmode=disable`;
}

test('each connection to Postgres asks for the password as it is then', async () => {
  const shown: string[] = [];
  const database = await postgres(shown);
  const passwords = ['first', 'second'];
  const password = async (): Promise<string> => passwords.shift()!;
  for (let round = 0; round < 2; round++) await expect(openStore({ database, password })).rejects.toThrow();
  expect(shown).toEqual(['first', 'second']);
  await expect(openStore({ database: ':memory:', password })).rejects.toMatchObject({ code: 'config.invalid' });
});

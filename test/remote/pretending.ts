import { connect } from 'node:net';
import { Agent } from 'undici';
import type { RangeServer } from './range-server.ts';

/** Connections to any host, also by https, that end at a local server; and the hosts that were asked for. */
export function pretending(server: RangeServer): { readonly dispatcher: Agent; readonly hosts: string[] } {
  const hosts: string[] = [];
  const dispatcher = new Agent({
    connect: ({ hostname }, done) => {
      hosts.push(hostname);
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1', () => done(null, socket));
      socket.once('error', (error) => done(error, null));
    },
  });
  return { dispatcher, hosts };
}

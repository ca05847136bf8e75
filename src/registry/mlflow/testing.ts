import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Principal } from '../../identity/permission.ts';
import { mlflowApp } from './app.ts';

/** An answer: its status and its body, as JSON where it is some. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** The MLflow API on a free port, for tests. */
export interface TestMlflow {
  /** Sends a request to `/api/2.0/` as somebody: a GET with a query, anything else with a JSON body or the bytes given. */
  send(who: Principal | undefined, method: string, path: string, fields?: object | string): Promise<Answer>;
  close(): Promise<void>;
}

/** Serves a registry to principals by their names. */
export async function testMlflow(context: RegistryContext): Promise<TestMlflow> {
  const people = new Map<string, Principal>();
  const access = {
    authenticate: async (header: string | undefined) => people.get(header ?? ''),
    ticket: () => '',
    redeem: async () => undefined,
  };
  const server = createServer(getRequestListener(mlflowApp(context, access).fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    async send(who, method, path, fields = {}) {
      if (who !== undefined) people.set(who.name, who);
      const query = method === 'GET' && typeof fields === 'object' ? `?${new URLSearchParams(fields as Record<string, string>)}` : '';
      const body = method === 'GET' ? undefined : typeof fields === 'string' ? fields : JSON.stringify(fields);
      // Why not fetch: it shortens paths with dots, and those are what a server has to refuse.
      return new Promise<Answer>((settled, failed) => {
        const length = { 'Content-Length': String(Buffer.byteLength(body ?? '')) };
        const headers = who === undefined ? length : { ...length, Authorization: who.name };
        const sent = request({ host: '127.0.0.1', port, method, path: `/api/2.0/${path}${query}`, headers }, (response) => {
          const isJson = response.headers['content-type']?.includes('json') === true;
          const status = response.statusCode ?? 0;
          textOf(response).then((text) => settled({ status, body: isJson ? JSON.parse(text) : text }), failed);
        });
        sent.on('error', failed).end(body);
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

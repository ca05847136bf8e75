import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a provider sees it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** What a provider answers: JSON, or whatever the function writes. */
export type Reply = object | ((response: ServerResponse, request: SeenRequest) => void);

/** A provider on this machine, which answers with the next reply, and with the last one from then on. */
export interface ProviderServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  reply(...replies: readonly Reply[]): void;
}

/** Starts a provider. */
export async function provider(...replies: readonly Reply[]): Promise<ProviderServer> {
  const seen: SeenRequest[] = [];
  let queue = [...replies];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const one: SeenRequest = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) };
      seen.push(one);
      const reply = queue.length > 1 ? queue.shift() : queue[0];
      if (typeof reply === 'function') reply(response, one);
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(reply ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply: (...next) => void (queue = [...next]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

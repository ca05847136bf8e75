import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Content of a file on the server: bytes, or a length and what is at each place. */
export interface Served {
  readonly size: number;
  read(start: number, end: number): Uint8Array;
}

/** A request as the server saw it. */
export interface Seen {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface RangeServer {
  readonly origin: string;
  readonly seen: Seen[];
  /** Bytes of all bodies sent. */
  readonly sent: () => number;
  close(): Promise<void>;
}

/** Answers a request; what it returns is served by ranges, undefined means that it has answered. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Served | undefined;

/** A real HTTP server with ranges, on a port of its own. */
export async function serve(routes: Readonly<Record<string, Route>>): Promise<RangeServer> {
  const seen: Seen[] = [];
  let sent = 0;
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    seen.push({ path: request.url ?? '', range: request.headers.range, authorization: request.headers.authorization });
    const served = (routes[pathname] ?? notFound)(request, response);
    if (served !== undefined) sent += sendRange(served, request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    sent: () => sent,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** A route for fixed bytes. */
export function content(bytes: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Route {
  const buffer = Buffer.from(bytes as string);
  return (_, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return { size: buffer.length, read: (start, end) => buffer.subarray(start, end) };
  };
}

/** A route that answers as it is told. */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body: Uint8Array | string = ''): Route {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
    return undefined;
  };
}

function notFound(_: IncomingMessage, response: ServerResponse): undefined {
  response.writeHead(404).end();
}

function sendRange({ size, read }: Served, request: IncomingMessage, response: ServerResponse): number {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const end = Math.min(size, Number(last ?? size - 1) + 1);
  if (start >= size && first !== undefined) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return 0;
  }
  const body = read(start, end);
  if (first === undefined) response.writeHead(200, { 'content-length': size });
  else response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${size}`, 'content-length': body.length });
  response.end(body);
  return body.length;
}

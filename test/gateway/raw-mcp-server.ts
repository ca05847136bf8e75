import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as the server got it. */
export interface Told {
  readonly verb: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- messages of any kind
  readonly message: any;
}

/** An MCP server that says whatever a test wants it to, to the byte. */
export interface RawMcpServer {
  readonly url: string;
  readonly got: Told[];
  /** Answers a request that is no `initialize`; what is not answered here is taken with 202. */
  answer: (told: Told, response: ServerResponse) => void | Promise<void>;
  /** Name of the sessions that it begins; undefined: a new one each time, null: it keeps none. */
  session: string | null | undefined;
  /** Result of `initialize`. */
  greeting: object;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function rawMcpServer(): Promise<RawMcpServer> {
  const http = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const message = text === '' ? undefined : (JSON.parse(text) as { id?: unknown; method?: string });
      const told: Told = { verb: request.method ?? '', headers: request.headers, text, message };
      made.got.push(told);
      if (message?.method === 'initialize') {
        const headers = made.session === null ? {} : { 'mcp-session-id': made.session ?? randomUUID() };
        return sayJson(response, { jsonrpc: '2.0', id: message.id, result: made.greeting }, headers);
      }
      await made.answer(told, response);
      const isTaken = message?.id === undefined || message.method === undefined;
      if (!response.headersSent && told.verb === 'POST' && isTaken) response.writeHead(202).end();
    })().catch(() => response.destroy());
  });
  await new Promise<void>((settled) => http.listen(0, '127.0.0.1', settled));
  const made: RawMcpServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    got: [],
    answer: () => undefined,
    session: undefined,
    greeting: GREETING,
    close: () =>
      new Promise((settled) => {
        http.close(() => settled());
        http.closeAllConnections();
      }),
  };
  return made;
}

/** A harmless result of `initialize`. */
export const GREETING = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } };

/** Answers with JSON. */
export function sayJson(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Answers with bytes of a stream of events. */
export function sayEvents(response: ServerResponse, bytes: string | Buffer): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(bytes);
}

/** A message as an event. */
export function event(message: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
}

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  ElicitResultSchema,
  ListRootsResultSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** A real MCP server with everything that the protocol has, and events that can be asked for again. */
export interface FullServer {
  readonly url: string;
  /** What clients told it. */
  readonly heard: string[];
  /** Tells every client that a resource changed, and that the list of tools did. */
  change(): Promise<void>;
  /** Forgets every session, as a restart does. */
  forget(): void;
  close(): Promise<void>;
}

interface Kept {
  readonly stream: string;
  readonly message: object;
}

/** Starts it on a free port of this machine, or on a certain one. */
export async function fullServer(port = 0): Promise<FullServer> {
  const transports = new Map<string, Promise<StreamableHTTPServerTransport>>();
  const servers: McpServer[] = [];
  const heard: string[] = [];
  const http = createServer((request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (id !== undefined && known === undefined) return void response.writeHead(404).end();
    const transport = known ?? newTransport();
    void transport.then((one) => one.handleRequest(request, response)).catch(() => response.destroy());
    return undefined;
  });

  async function newTransport(): Promise<StreamableHTTPServerTransport> {
    const kept = new Map<string, Kept>();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session: string) => void transports.set(session, Promise.resolve(transport)),
      onsessionclosed: (session: string) => void transports.delete(session),
      retryInterval: 50,
      eventStore: {
        async storeEvent(stream: string, message: object) {
          const event = `event-${kept.size}`;
          kept.set(event, { stream, message });
          return event;
        },
        async replayEventsAfter(last: string, { send }: { send: (id: string, message: never) => Promise<void> }) {
          const { stream } = kept.get(last)!;
          let isAfter = false;
          for (const [id, one] of kept) {
            if (isAfter && one.stream === stream && 'jsonrpc' in one.message) await send(id, one.message as never);
            isAfter ||= id === last;
          }
          return stream;
        },
      },
    } as ConstructorParameters<typeof StreamableHTTPServerTransport>[0]);
    const server = build(heard);
    servers.push(server);
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    return transport;
  }

  await new Promise<void>((settled) => http.listen(port, '127.0.0.1', settled));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    heard,
    async change() {
      for (const server of servers) {
        if (!server.isConnected()) continue;
        await server.server.sendResourceUpdated({ uri: 'docs://readme' });
        server.sendToolListChanged();
      }
    },
    forget: () => transports.clear(),
    close: () =>
      new Promise((settled) => {
        http.close(() => settled());
        http.closeAllConnections();
      }),
  };
}

type Content = { content: { type: 'text'; text: string }[] };
const text = (value: string): Content => ({ content: [{ type: 'text', text: value }] });

function build(heard: string[]): McpServer {
  const server = new McpServer(
    { name: 'full', version: '2.0.0', title: 'Everything' },
    { instructions: 'Use what you need.', capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    heard.push(`subscribe ${params.uri}`);
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    heard.push(`unsubscribe ${params.uri}`);
    return {};
  });
  server.registerTool(
    'add',
    {
      title: 'Adds',
      description: 'Adds two numbers.',
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ ...text(`${a + b}`), structuredContent: { sum: a + b } }),
  );
  server.registerTool('wrong', { description: 'Fails.' }, () => ({ ...text('It does not work.'), isError: true }));
  server.registerTool('link', { description: 'Gives a document.', inputSchema: { uri: z.string().optional() } }, ({ uri }) => ({
    content: [
      { type: 'resource_link', uri: uri ?? 'docs://readme', name: 'readme' },
      { type: 'resource', resource: { uri: 'docs://items/3', text: 'third' } },
    ],
  }));
  server.registerTool('steps', { description: 'Tells how far it is.' }, async ({ _meta, sendNotification }) => {
    for (let progress = 1; progress <= 3; progress++)
      await sendNotification({ method: 'notifications/progress', params: { progressToken: _meta!.progressToken!, progress, total: 3 } });
    return text('done');
  });
  server.registerTool('says', { description: 'Writes to the log.' }, async ({ sendNotification }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'warning', logger: 'full', data: 'careful' } });
    return text('said');
  });
  server.registerTool('slow', { description: 'Takes its time.' }, ({ signal }) => {
    heard.push('slow');
    return new Promise((settled) => {
      const timer = setTimeout(() => settled(text('at last')), 20_000);
      signal.addEventListener('abort', () => {
        heard.push('cancelled');
        clearTimeout(timer);
        settled(text('stopped'));
      });
    });
  });
  server.registerTool('breaks', { description: 'Loses the connection in the middle.' }, async (extra) => {
    extra.closeSSEStream?.();
    await new Promise((settled) => setTimeout(settled, 150));
    return text('after all');
  });
  server.registerTool('ask', { description: 'Asks the model of the client.' }, async () => {
    const { content } = await server.server.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'Which colour?' } }],
      maxTokens: 10,
    });
    return text(`model: ${JSON.stringify(content)}`);
  });
  server.registerTool('form', { description: 'Asks the user.' }, async ({ sendRequest }) => {
    const requestedSchema = { type: 'object' as const, properties: { size: { type: 'string' as const } }, required: ['size'] };
    const answer = await sendRequest(
      { method: 'elicitation/create', params: { message: 'Which size?', requestedSchema } },
      ElicitResultSchema as never,
    );
    return text(`user: ${JSON.stringify(answer)}`);
  });
  server.registerTool('folders', { description: 'Asks where it may work.' }, async ({ sendRequest }) =>
    text(`roots: ${JSON.stringify(await sendRequest({ method: 'roots/list' }, ListRootsResultSchema as never))}`),
  );
  server.registerResource('readme', 'docs://readme', { title: 'Read me', mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Hello.' }],
  }));
  server.registerResource(
    'item',
    new ResourceTemplate('docs://items/{id}', {
      list: undefined,
      complete: { id: (value) => ['1', '12', '3'].filter((id) => id.startsWith(value)) },
    }),
    { title: 'Items' },
    (uri, { id }) => ({ contents: [{ uri: uri.href, text: `item ${String(id)}` }] }),
  );
  server.registerPrompt(
    'greet',
    {
      title: 'Greets',
      description: 'Greets somebody.',
      argsSchema: { name: completable(z.string(), (value) => ['Ada', 'Alan', 'Bob'].filter((name) => name.startsWith(value))) },
    },
    ({ name }) => ({
      messages: [
        { role: 'user', content: { type: 'text', text: `Greet ${name}.` } },
        { role: 'user', content: { type: 'resource', resource: { uri: 'docs://readme', text: 'Hello.' } } },
      ],
    }),
  );
  return server;
}

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** A real MCP server over HTTP. */
export interface ToolServer {
  readonly url: string;
  /** Authorization headers that came. */
  readonly credentials: (string | undefined)[];
  /** Texts that the tool `fetch` answers with. */
  page: string;
  /** Description of the tool `echo`. */
  description: string;
  /** Names and descriptions of tools besides. */
  more: Record<string, string>;
  /** Calls of tools that arrived, by name. */
  readonly calls: string[];
  /** Arguments of the last call of `echo`. */
  last: string | undefined;
  /** What the tool `ask` asks in place of its argument. */
  question: string | undefined;
  /** Whether the tool `slow` was told to stop. */
  cancelled: boolean;
  /** Answers in the place of the server; true: it did. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Streams that are open for messages of the server. */
  streams(): number;
  /** Tells every client that the list of resources changed. */
  tell(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. `stateless`: without sessions; `json`: answers as JSON. */
export async function toolServer({ stateless = false, json = false } = {}): Promise<ToolServer> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const built: McpServer[] = [];
  let streams = 0;
  const http = createServer((request, response) => {
    if (request.method === 'GET') {
      streams++;
      response.once('close', () => streams--);
    }
    made.credentials.push(request.headers.authorization);
    if (made.instead?.(request, response) === true) return;
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (known !== undefined) return known.handleRequest(request, response);
    if (id !== undefined) return void response.writeHead(404).end();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: stateless ? undefined : () => randomUUID(),
      enableJsonResponse: json,
      onsessioninitialized: (session) => void transports.set(session, transport),
      onsessionclosed: (session) => void transports.delete(session),
    } as ConstructorParameters<typeof StreamableHTTPServerTransport>[0]);
    const server = build(made);
    built.push(server);
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response);
  }

  await new Promise<void>((settled) => http.listen(0, '127.0.0.1', settled));
  const made: ToolServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    credentials: [],
    page: 'A plain page.',
    description: 'Repeats a text.',
    more: {},
    calls: [],
    last: undefined,
    question: undefined,
    cancelled: false,
    instead: undefined,
    streams: () => streams,
    async tell() {
      for (const server of built) if (server.isConnected()) await server.server.sendResourceListChanged();
    },
    close: () =>
      new Promise((settled) => {
        http.close(() => settled());
        http.closeAllConnections();
      }),
  };
  return made;
}

function build(made: ToolServer): McpServer {
  const server = new McpServer({ name: 'tools', version: '1.0.0' }, { instructions: 'Use the tools.', capabilities: { logging: {} } });
  const text = (value: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text: value }] });
  server.registerTool('echo', { description: made.description, inputSchema: { text: z.string() } }, ({ text: said }) => {
    made.calls.push('echo');
    made.last = said;
    return text(`You said: ${said}`);
  });
  server.registerTool('fetch', { description: 'Fetches the page.' }, () => {
    made.calls.push('fetch');
    return text(made.page);
  });
  server.registerTool('send', { description: 'Sends a text to somebody.', inputSchema: { to: z.string() } }, ({ to }) => {
    made.calls.push('send');
    return text(`sent to ${to}`);
  });
  server.registerTool('count', { description: 'Counts, and says how far it is.' }, async ({ _meta, sendNotification }) => {
    for (let progress = 1; progress <= 3; progress++) {
      if (_meta?.progressToken !== undefined)
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken: _meta.progressToken, progress, total: 3, message: `step ${progress}` },
        });
    }
    return text('counted');
  });
  server.registerTool('slow', { description: 'Takes its time.' }, ({ signal }) => {
    made.calls.push('slow');
    return new Promise((settled) => {
      const timer = setTimeout(() => settled(text('at last')), 20_000);
      signal.addEventListener('abort', () => {
        made.cancelled = true;
        clearTimeout(timer);
        settled(text('stopped'));
      });
    });
  });
  server.registerTool(
    'ask',
    { description: 'Asks the model of the client.', inputSchema: { question: z.string() } },
    async ({ question }, { sendRequest }) => {
      const answer = await sendRequest(
        {
          method: 'sampling/createMessage',
          params: { messages: [{ role: 'user', content: { type: 'text', text: made.question ?? question } }], maxTokens: 50 },
        },
        z.looseObject({ content: z.looseObject({ text: z.string() }) }) as never,
      ).catch((error: unknown) => ({ content: { text: `refused: ${String(error)}` } }));
      return text(`The model says: ${(answer as { content: { text: string } }).content.text}`);
    },
  );
  for (const [name, description] of Object.entries(made.more)) server.registerTool(name, { description }, () => text(name));
  server.registerResource('readme', 'docs://readme', { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, text: made.page }],
  }));
  server.registerResource('item', new ResourceTemplate('docs://items/{id}', { list: undefined }), {}, (uri, { id }) => ({
    contents: [{ uri: uri.href, text: `item ${String(id)}` }],
  }));
  server.registerPrompt('greet', { argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${name}.` } }],
  }));
  return server;
}

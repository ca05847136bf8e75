import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * A model server that behaves as the model is called: `m` answers, `slow` takes its time, `reset` breaks off in the middle, `errors` has
 * none to give, `garbage` sends what is no event, `late` never begins. Also embeddings, files, Anthropic's messages, and an MCP server. Its
 * port is the first argument.
 */
const WORDS = 'The answer is that the cordon stands, that it stands well, and that ann@example.com may read it tomorrow. '.repeat(8);
const PIECES = (WORDS.match(/[\s\S]{1,18}/g) ?? []).slice(0, 40);
const USAGE = { prompt_tokens: 900, completion_tokens: 180, total_tokens: 1_080 };
const pause = (ms: number): Promise<void> => new Promise((settled) => setTimeout(settled, ms));

interface Asked {
  readonly model: string;
  readonly stream: boolean;
}

function chunk(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
}
const named = (event: Record<string, unknown>): string => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`;

const CHAT_EVENTS = [
  chunk({ role: 'assistant', content: '' }, null),
  ...PIECES.map((content) => chunk({ content }, null)),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
];
const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'c', stop_sequence: null };
const MESSAGE_EVENTS = [
  named({
    type: 'message_start',
    message: { ...MESSAGE, content: [], stop_reason: null, usage: { input_tokens: 900, output_tokens: 1 } },
  }),
  named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ...PIECES.map((text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
  named({ type: 'content_block_stop', index: 0 }),
  named({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 180 } }),
  named({ type: 'message_stop' }),
];

function json(response: ServerResponse, body: unknown, status = 200): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

async function stream(response: ServerResponse, model: string, events: readonly string[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, event] of events.entries()) {
    if (response.destroyed) return;
    if (model === 'reset' && index === 20) return void response.destroy();
    response.write(model === 'garbage' && index > 10 ? '\u0000\u0001 data: {"choices":[{]\n\n' : event);
    await pause(model === 'slow' ? 40 : 1);
  }
  response.end();
}

async function answer({ model, stream: isStream }: Asked, response: ServerResponse, isAnthropic: boolean): Promise<void> {
  if (model === 'late') return;
  if (model === 'errors') return json(response, { error: { message: 'overloaded', type: 'server_error' } }, 500);
  if (isStream) return stream(response, model, isAnthropic ? MESSAGE_EVENTS : CHAT_EVENTS);
  if (model === 'slow') await pause(1_000);
  if (model === 'reset') return void response.writeHead(200, { 'content-length': 5_000 }).write('{', () => response.destroy());
  if (model === 'garbage') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[{]');
  if (isAnthropic) {
    const content = [{ type: 'text', text: WORDS }];
    return json(response, { ...MESSAGE, content, stop_reason: 'end_turn', usage: { input_tokens: 900, output_tokens: 180 } });
  }
  const choices = [{ index: 0, message: { role: 'assistant', content: WORDS }, logprobs: null, finish_reason: 'stop' }];
  json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage: USAGE });
}

const TOOLS = [
  { name: 'look', description: 'Looks a word up.', inputSchema: { type: 'object', properties: { word: { type: 'string' } } } },
];

function answerMcp(text: string, response: ServerResponse): void {
  const { id, method, params } = JSON.parse(text) as { id?: number; method: string; params?: { protocolVersion?: string } };
  if (id === undefined) return void response.writeHead(202).end();
  const results: Record<string, unknown> = {
    initialize: {
      protocolVersion: params?.protocolVersion ?? '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'words', version: '1' },
    },
    'tools/list': { tools: TOOLS },
    'tools/call': { content: [{ type: 'text', text: WORDS }] },
  };
  json(response, { jsonrpc: '2.0', id, result: results[method] ?? {} });
}

let files = 0;

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const bytes of request as AsyncIterable<Buffer>) chunks.push(bytes);
  const { url = '', method = '' } = request;
  const text = Buffer.concat(chunks).toString();
  if (url.startsWith('/mcp')) return method === 'POST' ? answerMcp(text, response) : void response.writeHead(405).end();
  if (url.startsWith('/v1/files')) {
    const id = method === 'POST' ? `file-${++files}` : url.slice('/v1/files/'.length);
    if (method === 'DELETE') return json(response, { id, object: 'file', deleted: true });
    return json(response, { id, object: 'file', bytes: 200, created_at: 1, filename: 'a.jsonl', purpose: 'batch' });
  }
  const asked = JSON.parse(text) as Asked;
  if (!url.startsWith('/v1/embeddings')) return answer(asked, response, url.startsWith('/v1/messages'));
  const data = [{ object: 'embedding', index: 0, embedding: Array.from({ length: 256 }, (_, at) => at / 256) }];
  json(response, { object: 'list', data, model: 'm', usage: { prompt_tokens: 900, total_tokens: 900 } });
}

createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
}).listen(Number(process.argv[2]), '127.0.0.1');

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the model server got it. */
export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of many protocols
  readonly body: any;
}

/** A model server that answers as a test says, over real HTTP. */
export interface ModelServer {
  /** Origin, without a path. */
  readonly origin: string;
  readonly got: Got[];
  /** How the next requests are answered. */
  answer: (got: Got, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function modelServer(
  answer: ModelServer['answer'] = (_, response) => json(response, chatAnswer('Hello.')),
): Promise<ModelServer> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const one: Got = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, bytes, body: parsed(bytes) };
      got.push(one);
      await made.answer(one, response, request);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  const made: ModelServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    answer,
    close: () =>
      new Promise((settled) => {
        server.close(() => settled());
        server.closeAllConnections();
      }),
  };
  return made;
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers with events; a string is sent as it is, anything else as JSON. */
export function events(response: ServerResponse, list: readonly unknown[], named = false): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(eventText(list, named));
}

/** Events as text. */
export function eventText(list: readonly unknown[], named = false): string {
  return list
    .map((event) => {
      const data = typeof event === 'string' ? event : JSON.stringify(event);
      return `${named ? `event: ${(event as { type: string }).type}\n` : ''}data: ${data}\n\n`;
    })
    .join('');
}

/** A chat completion. */
export function chatAnswer(content: string | null, more: object = {}, choices = 1): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: Array.from({ length: choices }, (_, index) => ({
      index,
      message: { role: 'assistant', content, refusal: null, ...more },
      logprobs: null,
      finish_reason: 'stop',
    })),
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

/** A chat completion as events, a token of so many characters each. */
export function chatEvents(content: string, size = 4): unknown[] {
  const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const pieces = content.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
  return [chunk({ role: 'assistant', content: '' }), ...pieces.map((piece) => chunk({ content: piece })), chunk({}, 'stop'), '[DONE]'];
}

/** A message of Anthropic. */
export function message(content: readonly object[], stop_reason = 'end_turn'): object {
  const usage = { input_tokens: 10, output_tokens: 5 };
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason, stop_sequence: null, usage };
}

/** A message of Anthropic as events. */
export function messageEvents(content: string, size = 4): object[] {
  const pieces = content.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
  return [
    { type: 'message_start', message: { ...message([]), stop_reason: null, usage: { input_tokens: 10, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

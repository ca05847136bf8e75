import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../../core/config.ts';

/** A model server that ships with Cordon, for trying the gateway: it repeats what it was told. */
export interface DemoModel {
  /** Base address for clients of OpenAI. */
  readonly url: string;
  close(): Promise<void>;
}

/** The variable by which worker processes learn where the model is. */
export const DEMO_VARIABLE = 'CORDON_DEMO_MODEL';

const MAX_BYTES = 1024 * 1024;
/** The name that the demonstration model has. */
export const DEMO_MODEL = 'demo';

/** Starts it on a free port of this machine. */
export async function startDemoModel(): Promise<DemoModel> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((settled) => {
        server.close(() => settled());
        server.closeAllConnections();
      }),
  };
}

/** A configuration whose gateway also knows the demonstration model. */
export function withDemoModel(config: Config, { url }: Pick<DemoModel, 'url'>): Config {
  const { gateway } = config;
  const upstreams = [...gateway.upstreams, { id: 'demo', kind: 'openai-compatible', url }];
  const models = { ...gateway.models, [DEMO_MODEL]: { targets: [{ upstream: 'demo' }] } };
  return Config.parse({ ...config, gateway: { ...gateway, upstreams, models } });
}

interface Asked {
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role?: string; readonly content?: unknown }[];
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await bodyOf(request)) as Asked;
  const last = asked.messages?.findLast(({ role }) => role === 'user')?.content;
  const text = `You said: ${typeof last === 'string' ? last : JSON.stringify(last ?? '')}`;
  const words = text.match(/\S+\s*/g) ?? [];
  const usage = { prompt_tokens: words.length, completion_tokens: words.length, total_tokens: 2 * words.length };
  const head = { id: 'chatcmpl-demo', created: Math.floor(Date.now() / 1_000), model: DEMO_MODEL };
  if (asked.stream !== true) {
    const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...head, object: 'chat.completion', choices: [choice], usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`);
  };
  send({ role: 'assistant', content: '' }, null);
  for (const word of words) send({ content: word }, null);
  send({}, 'stop');
  response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error('more than the demonstration model reads');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../../core/config.ts';
import { type Asked, REPEATERS } from './repeaters.ts';

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
  const upstreams = [...gateway.upstreams, { id: 'demo', kind: 'openai-compatible', url, responses: false }];
  const models = { ...gateway.models, [DEMO_MODEL]: { targets: [{ upstream: 'demo' }] } };
  return Config.parse({ ...config, gateway: { ...gateway, upstreams, models } });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const repeat = REPEATERS.get(request.url ?? '');
  const asked = objectOf(await bodyOf(request));
  if (request.method !== 'POST' || repeat === undefined) return refuse(response, 404, 'the demonstration model does not know this address');
  if (asked === undefined) return refuse(response, 400, 'the body is no JSON object');
  repeat(asked, response);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } }));
}

function objectOf(text: string): Asked | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
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

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { CordonError } from '../../../core/errors.ts';
import { UpstreamsConfig } from '../../../core/gateway-model-config.ts';
import { SILENT } from '../../../core/logger.ts';
import { openUpstreams } from './open-upstreams.ts';
import type { SecretReader, Sending, Sink, Target, UpstreamRequest, Upstreams, UpstreamsOptions } from './upstreams.ts';

/** A server of a test, on a loopback port. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Answers requests whose bodies it has read to their ends. */
export async function serve(answer: (...args: [...Parameters<RequestListener>, body: string]) => void): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response, body);
    });
  });
  return listening(server, requests);
}

/** Answers a connection with whatever bytes a test wants, once it has seen a whole request. */
export async function serveRaw(answer: (socket: Socket, count: number) => void): Promise<TestServer> {
  let count = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      text = '';
      answer(socket, count++);
    });
  });
  return listening(server, []);
}

async function listening(server: Server | ReturnType<typeof createTcpServer>, requests: TestServer['requests']): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Secrets that a test names. */
export function secretsOf(values: Record<string, string>): SecretReader & { change(reference: string, value: string): void } {
  const listeners = new Map<string, Set<(value: string) => void>>();
  return {
    get: async (reference) => {
      const value = values[reference];
      if (value === undefined) throw new Error(`no secret ${reference}`);
      return value;
    },
    watch(reference, changed) {
      const set = listeners.get(reference) ?? new Set();
      listeners.set(reference, set.add(changed));
      return () => set.delete(changed);
    },
    change(reference, value) {
      values[reference] = value;
      for (const changed of listeners.get(reference) ?? []) changed(value);
    },
  };
}

/** Opens what a test configures, as `cordon.yaml` would say it. */
export function open(config: object, options: Partial<Omit<UpstreamsOptions, 'config'>> = {}): Upstreams {
  const secrets = secretsOf({ 'env:KEY': 'sk-test-credential' });
  return openUpstreams({ config: UpstreamsConfig.parse(config), secrets, log: SILENT, drainMs: 200, ...options });
}

/** What became of a request. */
export interface Outcome {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  target?: Target;
  body: string;
  error?: CordonError;
  sentHead?: boolean;
  readonly calls: string[];
  attempts: number;
}

export const CHAT: UpstreamRequest = {
  protocol: 'openai',
  path: '/chat/completions',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: ({ model }) => Buffer.from(JSON.stringify({ model, messages: [] })),
  idempotent: true,
  stream: false,
};

/** Sends a request and waits for what becomes of it. */
export function ask(
  upstreams: Upstreams,
  model = 'm',
  request: Partial<UpstreamRequest> = {},
  watch: (event: string, sending: () => Sending) => void = () => {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { body: '', calls: [], attempts: 0 };
    const chunks: Buffer[] = [];
    const note = (event: string): void => {
      outcome.calls.push(event);
      watch(event, () => sending);
    };
    const done = (): void => {
      outcome.body = Buffer.concat(chunks).toString();
      outcome.attempts = sending.attempts;
      resolve(outcome);
    };
    const sink: Sink = {
      head(status, headers, target) {
        Object.assign(outcome, { status, headers, target });
        note('head');
      },
      data(chunk) {
        chunks.push(chunk);
        note('data');
        return true;
      },
      end() {
        note('end');
        done();
      },
      error(error, sentHead) {
        Object.assign(outcome, { error, sentHead });
        note('error');
        done();
      },
    };
    const sending = upstreams.send(model, { ...CHAT, ...request }, sink);
  });
}

/** An upstream that speaks as OpenAI does. */
export function plain(id: string, url: string, more: object = {}): object {
  return { id, kind: 'openai-compatible', url, ...more };
}

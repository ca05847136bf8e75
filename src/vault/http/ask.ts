import { readFileSync } from 'node:fs';
import type { Agent } from 'undici';
import { CordonError } from '../../core/errors.ts';

/** A request to a service that holds keys or secrets. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; an object as JSON. */
  readonly body?: string | object;
  readonly signal?: AbortSignal | undefined;
}

/** An answer: any status, JSON or nothing. */
export interface Answer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

/** A way to services that hold keys or secrets. Its errors name the host and what is wrong, never what was sent or answered. */
export interface Asker {
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskerOptions {
  /** Code of the errors. */
  readonly code: 'secret.unavailable' | 'key.unavailable';
  /** Milliseconds for a whole answer. */
  readonly timeoutMs: number;
  /** PEM file of the authorities that the services' certificates are by, in stead of the usual ones. */
  readonly caFile?: string | undefined;
  /** Speak to hosts other than this one without encryption. */
  readonly allowHttp?: boolean;
}

/** Why: the largest secret is 1 MiB; Kubernetes gives it in base64 and may repeat it in an annotation. */
const ANSWER_BYTES = 4 * 1024 * 1024;

/** Sends requests with a time limit, follows no redirects and reads bounded answers. */
export function openAsker({ code, timeoutMs, caFile, allowHttp = false }: AskerOptions): Asker {
  let agent: Agent | undefined;

  async function open(): Promise<Agent> {
    // Why lazily: most commands ask nobody, and the HTTP client takes longer to load than they take.
    // Why the default: a CommonJS package has no other name in the bundle.
    const { default: undici } = await import('undici');
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    return new undici.Agent({ connect: { timeout: timeoutMs, ...ca }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connections: 8 });
  }

  return {
    async ask({ method, url, headers = {}, body, signal }) {
      const { protocol, hostname, host } = new URL(url);
      const fail = (why: string): CordonError => new CordonError(code, `${host}: ${why}`);
      if (protocol !== 'https:' && !allowHttp && !isLoopback(hostname)) throw fail('secrets are only asked for over https');
      try {
        agent ??= await open();
        const { default: undici } = await import('undici');
        const timeout = AbortSignal.timeout(timeoutMs);
        const { statusCode: status, body: answer } = await undici.request(url, {
          method,
          dispatcher: agent,
          headers: {
            'user-agent': 'cordon',
            accept: 'application/json',
            'accept-encoding': 'identity',
            ...(typeof body === 'object' && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        });
        const text = await bounded(answer, fail);
        // Why: a redirect would carry the credential to another host.
        if (status >= 300 && status < 400) throw fail(`it redirects (status ${status}), which is not followed`);
        return { status, json: jsonOf(text) };
      } catch (error) {
        if (error instanceof CordonError) throw error;
        // Why no cause: errors of the client may quote what was sent.
        throw fail(`it cannot be reached (${reasonOf(error)})`);
      }
    },
    async close() {
      await agent?.destroy();
    },
  };
}

async function bounded(body: AsyncIterable<Uint8Array>, fail: (why: string) => CordonError): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > ANSWER_BYTES) throw fail(`it answers with more than ${ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Why silently: a syntax error quotes what it could not read. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return 'no answer in time';
  }
  return 'unknown reason';
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

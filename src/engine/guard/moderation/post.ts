import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Agent } from 'undici';
import { CordonError } from '../../../core/errors.ts';
import type { OutgoingRequest } from '../../../detectors/moderation/adapter.ts';
import { isPublicAddress } from '../../remote/address.ts';

/** How requests may leave. */
export interface EgressOptions {
  /** Let the address lead into a private network, and allow http without encryption. */
  readonly allowPrivate: boolean;
  /** Milliseconds that the caller waits at most; a `Retry-After` beyond them ends the attempts. */
  readonly timeoutMs: number;
}

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 200;
/** Why: an answer is a verdict, even one that lists every name in a long text. */
const LARGEST_ANSWER = 4 * 1024 * 1024;
const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 529]);
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly body: string;
}

/**
 * Sends requests to one origin: encrypted, to public addresses, without following redirects, with bounded answers. Its errors name the
 * host and what is wrong, never the request or the answer. `network.refused` means that the service is not to be had.
 */
export class Poster {
  readonly #options: EgressOptions;
  #agent: Agent | undefined;

  constructor(options: EgressOptions) {
    this.#options = options;
  }

  /** The JSON of an answer. Asks for the request anew at each attempt, because signatures have a time in them. */
  async post(make: () => OutgoingRequest, signal: AbortSignal): Promise<unknown> {
    const deadline = performance.now() + this.#options.timeoutMs;
    for (let attempt = 1; ; attempt++) {
      const request = make();
      const { host } = checkAddress(request.url, this.#options.allowPrivate);
      const answer = await this.#attempt(request, host, signal);
      if (answer !== undefined && answer.status === 200) return jsonOf(answer.body, host);
      const wait = answer?.retryAfterMs || FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      const mayRetry = attempt < ATTEMPTS && performance.now() + wait < deadline;
      if (answer !== undefined && (!mayRetry || !RETRIED.has(answer.status))) throw refusal(host, answer.status);
      if (!mayRetry) throw unavailable(host, 'the connection broke off');
      await pause(wait, undefined, { signal });
    }
  }

  /** One attempt; undefined where the connection broke. */
  async #attempt({ url, headers, body }: OutgoingRequest, host: string, signal: AbortSignal): Promise<Answer | undefined> {
    // Why lazily: most guards ask nobody, and the HTTP client takes longer to load than the guard.
    const { connect, send } = await import('./send.ts');
    const { allowPrivate, timeoutMs } = this.#options;
    this.#agent ??= connect(!allowPrivate && !isLoopback(new URL(url).hostname), timeoutMs);
    try {
      const response = await send(url, this.#agent, headers, body, signal);
      const { statusCode: status, headers: given } = response;
      if (status !== 200) {
        response.body.on('error', () => undefined).destroy();
        return { status, retryAfterMs: retryAfterMs(given['retry-after']), body: '' };
      }
      if ((given['content-encoding'] ?? 'identity') !== 'identity') {
        response.body.on('error', () => undefined).destroy();
        throw new CordonError('format.unsupported', `${host} compresses although it was asked not to`);
      }
      return { status, retryAfterMs: 0, body: await bounded(response.body, host) };
    } catch (error) {
      // What is refused when a name is dialled speaks of options of another command.
      if (error instanceof CordonError && error.code !== 'network.refused') throw error;
      if (signal.aborted) throw signal.reason;
      const code = codeOf(error);
      if (BROKEN.has(code)) return undefined;
      if (code === 'NOT_PUBLIC') throw unavailable(host, 'it leads to an address that is not public; allowPrivateNetwork permits it');
      // What has no code is no matter of the network, and must not be taken for one.
      throw code === '' ? error : unavailable(host, `it cannot be reached (${code})`);
    }
  }
}

/**
 * Refuses addresses that a text must not be sent to, as they are written; names are checked again when they are dialled. Throws
 * `config.invalid`.
 */
export function checkAddress(url: string, allowPrivate: boolean): URL {
  const parsed = new URL(url);
  const { protocol, hostname, host } = parsed;
  if (allowPrivate || isLoopback(hostname)) return parsed;
  if (protocol !== 'https:')
    throw new CordonError('config.invalid', `${host}: texts are only sent over https; allowPrivateNetwork permits http`);
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address))
    throw new CordonError('config.invalid', `${host} is no public address; allowPrivateNetwork permits it`);
  return parsed;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

async function bounded(body: AsyncIterable<Uint8Array>, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LARGEST_ANSWER) throw new CordonError('limit.reached', `${host} answered with more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Why without a cause: a syntax error quotes what it could not read. */
function jsonOf(body: string, host: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CordonError('format.malformed', `the answer of ${host} is not JSON`);
  }
}

/** Why two codes: what the service says of a text must not open the circuit breaker for all others. */
function refusal(host: string, status: number): CordonError {
  const message = `${host} answered with status ${status}`;
  if (status >= 300 && status < 400) return unavailable(host, `it redirects (status ${status}), and texts are not sent elsewhere`);
  const isAboutTheText = status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);
  return new CordonError(isAboutTheText ? 'format.malformed' : 'network.refused', message);
}

function unavailable(host: string, why: string): CordonError {
  return new CordonError('network.refused', `${host}: ${why}`);
}

/** The code of a network error, `NOT_PUBLIC` for our own refusal inside of it. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CordonError) return 'NOT_PUBLIC';
    if (cause instanceof AggregateError && cause.errors.some((one) => one instanceof CordonError)) return 'NOT_PUBLIC';
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return '';
}

/** Milliseconds that a `Retry-After` asks for: seconds, or a date. */
function retryAfterMs(value: string | string[] | undefined): number {
  if (typeof value !== 'string') return 0;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

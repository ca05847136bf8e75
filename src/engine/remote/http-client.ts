import { isIP } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { isPublicAddress, lookupPublic } from './address.ts';

export interface HttpOptions {
  /** Let URLs lead to private addresses, and allow http without encryption. */
  readonly allowPrivate: boolean;
  /** Bearer token, sent to the origin of the first URL only. */
  readonly token?: string | (() => Promise<string | undefined>) | undefined;
  /** Milliseconds until an answer must be there as a whole. */
  readonly timeoutMs?: number | undefined;
  /** Makes the connections instead of Cordon, which then only checks addresses written as numbers. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A whole answer. Headers that come twice are dropped: no rule says which of them counts. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

type Raw = Awaited<ReturnType<typeof request>>;

const REDIRECTS = 5;
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;
const LONGEST_WAIT_S = 30;
const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** Failures of a connection that a second attempt may not meet. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** GET with limits. Follows redirects itself, so that every hop is checked; retries what is worth retrying. */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #timeoutMs: number;
  readonly #agent: Dispatcher;
  /** Where a URL last led to. Why: a redirect for each range would double the round trips. */
  readonly #ends = new Map<string, string>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#agent =
      options.dispatcher ??
      new Agent({
        connect: { timeout: this.#timeoutMs, ...(!options.allowPrivate && { lookup: lookupPublic }) },
        headersTimeout: this.#timeoutMs,
        bodyTimeout: this.#timeoutMs,
      });
  }

  /** An answer of at most `limit` bytes. Throws `network.refused`; the message never holds a query or a token. */
  async get(url: string, headers: Readonly<Record<string, string>>, limit: number): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(url, headers, limit);
      const failed = 'error' in result;
      if (!failed && !RETRIED.has(result.status)) return result;
      const wait = failed ? 0 : retryAfter(result.headers['retry-after']);
      if (attempt < ATTEMPTS && wait <= LONGEST_WAIT_S) await pause(wait * 1000 || 250 * 2 ** attempt);
      else if (failed) throw refused(url, errorMessage(result.error), result.error);
      else return result;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** One attempt over all redirects. A broken connection is a result; every other failure is thrown. */
  async #attempt(
    url: string,
    headers: Readonly<Record<string, string>>,
    limit: number,
  ): Promise<HttpResponse | { readonly error: unknown }> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const known = this.#ends.get(url);
      const first = await this.#follow(url, known ?? url, headers, signal);
      // A signed address that has run out: ask again where it came from.
      if (known === undefined || first.statusCode < 400) return await whole(first, limit);
      discard(first);
      this.#ends.delete(url);
      return await whole(await this.#follow(url, url, headers, signal), limit);
    } catch (error) {
      if (error instanceof CordonError) throw error.code === 'network.refused' ? error : refused(url, error.message, error);
      const reason = ownRefusal(error);
      if (reason !== undefined) throw refused(url, reason.message, error);
      if (signal.aborted) throw refused(url, `no whole answer within ${this.#timeoutMs} ms`, error);
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (BROKEN.has(code)) return { error };
      throw refused(url, code === 'ENOTFOUND' ? 'the host name does not exist' : errorMessage(error), error);
    }
  }

  async #follow(origin: string, start: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Raw> {
    let url = start;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      this.#check(url);
      const response = await request(url, {
        dispatcher: this.#agent,
        signal,
        headers: { 'user-agent': 'cordon', 'accept-encoding': 'identity', ...headers, ...(await this.#authorization(url, origin)) },
      });
      const { location } = response.headers;
      if (response.statusCode < 300 || response.statusCode >= 400 || typeof location !== 'string') {
        if (url !== origin && response.statusCode < 300) this.#ends.set(origin, url);
        return response;
      }
      discard(response);
      if (!URL.canParse(location, url)) throw refused(url, 'it redirects to something that is no URL');
      url = new URL(location, url).href;
    }
    throw refused(origin, `more than ${REDIRECTS} redirects`);
  }

  async #authorization(url: string, origin: string): Promise<Record<string, string>> {
    if (new URL(url).origin !== new URL(origin).origin) return {};
    const { token } = this.#options;
    const value = typeof token === 'function' ? await token() : token;
    return value === undefined ? {} : { authorization: `Bearer ${value}` };
  }

  /** Why beside the lookup: an address written as a number is dialled without one. */
  #check(url: string): void {
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') throw refused(url, `the protocol ${protocol} is not allowed`);
    if (this.#options.allowPrivate) return;
    const address = hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !isPublicAddress(address))
      throw refused(url, `${address} is no public address; --allow-private-network permits it`);
    if (protocol === 'http:') throw refused(url, 'http without encryption is not allowed; --allow-private-network permits it');
  }
}

async function whole(response: Raw, limit: number): Promise<HttpResponse> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).filter(([, value]) => typeof value === 'string'),
  ) as HttpResponse['headers'];
  const status = response.statusCode;
  if (status !== 200 && status !== 206) {
    discard(response);
    return { status, headers, body: new Uint8Array(0) };
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    discard(response);
    throw new CordonError('format.unsupported', `the server compresses although it was asked not to`);
  }
  const tooMuch = (): CordonError =>
    new CordonError(
      'limit.reached',
      status === 200
        ? `the server serves no ranges, and the content has more than ${limit} bytes`
        : 'the server sent more than it was asked for',
    );
  if (Number(headers['content-length'] ?? 0) > limit) {
    discard(response);
    throw tooMuch();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw tooMuch();
    chunks.push(chunk);
  }
  return { status, headers, body: new Uint8Array(Buffer.concat(chunks)) };
}

/** Ends an answer that nobody reads. Why the listener: undici reports the end as an error, which nobody else would catch. */
function discard({ body }: Raw): void {
  body.on('error', () => undefined).destroy();
}

/** Our own refusal where the socket layer has wrapped it: the lookup throws inside of a connection attempt. */
function ownRefusal(error: unknown): CordonError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CordonError) return cause;
    if (cause instanceof AggregateError) return cause.errors.map(ownRefusal).find((found) => found !== undefined);
  }
  return undefined;
}

/** Seconds that a `Retry-After` asks for: a number, or a date. */
function retryAfter(value: string | undefined): number {
  if (value === undefined) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** `network.refused` for a URL. Why without query and credentials: signed URLs carry secrets there. */
export function refused(url: string, reason: string, cause?: unknown): CordonError {
  const { origin, pathname } = new URL(url);
  return new CordonError('network.refused', `${origin}${pathname}: ${reason}`, { cause });
}

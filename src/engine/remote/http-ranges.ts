import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { isPublicAddress, lookupPublic } from './address.ts';

const REDIRECTS = 5;
const TIMEOUT_MS = 30_000;
const ATTEMPTS = 3;
const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** A server's answer to a ranged request. */
export interface RangeAnswer {
  readonly bytes: Uint8Array;
  /** Size of the whole content. */
  readonly total: number;
  /** Strong validator of the content, where the server gives one. */
  readonly etag: string | undefined;
}

export interface HttpOptions {
  /** Let URLs lead to private addresses. */
  readonly allowPrivate: boolean;
  /** Bearer token, sent to the origin of the first URL only. */
  readonly token?: string | undefined;
}

/** Fetches ranges and small documents. Follows redirects itself, so that every hop is checked. */
export class HttpRanges {
  readonly #options: HttpOptions;
  readonly #agent: Agent;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connect: { timeout: TIMEOUT_MS, ...(!options.allowPrivate && { lookup: lookupPublic }) },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
  }

  /** The bytes [offset, offset + length) of a URL. `etag` makes a changed content an error. */
  async range(url: string, offset: number, length: number, etag?: string): Promise<RangeAnswer> {
    const headers: Record<string, string> = { range: `bytes=${offset}-${offset + length - 1}`, 'accept-encoding': 'identity' };
    if (etag !== undefined) headers['if-range'] = etag;
    const response = await this.#get(url, headers);
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(response.headers['content-range'] ?? ''));
    if (response.statusCode === 416) return { bytes: new Uint8Array(0), total: 0, etag: undefined };
    if (response.statusCode === 206 && range !== null && Number(range[1]) === offset) {
      const bytes = await collected(response.body, length);
      return { bytes, total: Number(range[3]), etag: strong(response.headers.etag) };
    }
    response.body.destroy();
    if (etag !== undefined) throw refused(url, 'the content changed, or ranges are not served, while it was read');
    throw refused(url, 'the server does not serve ranges');
  }

  /** A whole document of at most `limit` bytes. */
  async document(url: string, limit: number): Promise<Uint8Array> {
    const response = await this.#get(url, {});
    if (response.statusCode !== 200) {
      response.body.destroy();
      throw refused(url, `the server answered ${response.statusCode}`);
    }
    return collected(response.body, limit);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #get(url: string, headers: Record<string, string>): ReturnType<typeof request> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#follow(url, headers);
      if (!RETRIED.has(response.statusCode) || attempt === ATTEMPTS) return response;
      response.body.destroy();
      const wait = Math.min(10, Number(response.headers['retry-after'] ?? 0) || 0) * 1000 || 250 * 2 ** attempt;
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  async #follow(first: string, headers: Record<string, string>): ReturnType<typeof request> {
    let url = first;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      this.#check(url);
      const authorization =
        this.#options.token !== undefined && new URL(url).origin === new URL(first).origin
          ? { authorization: `Bearer ${this.#options.token}` }
          : {};
      const response = await this.#send(url, { ...headers, ...authorization });
      const { location } = response.headers;
      if (response.statusCode < 300 || response.statusCode >= 400 || typeof location !== 'string') return response;
      response.body.destroy();
      url = new URL(location, url).href;
    }
    throw refused(first, `more than ${REDIRECTS} redirects`);
  }

  async #send(url: string, headers: Record<string, string>): ReturnType<typeof request> {
    try {
      return await request(url, { dispatcher: this.#agent, headers: { 'user-agent': 'cordon', ...headers } });
    } catch (error) {
      if (error instanceof CordonError) throw error;
      throw refused(url, errorMessage(error), error);
    }
  }

  /** Why beside the lookup: an address written as a number is dialled without one. */
  #check(url: string): void {
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') throw refused(url, `the protocol ${protocol} is not allowed`);
    if (protocol === 'http:' && !this.#options.allowPrivate) throw refused(url, 'unencrypted http is not allowed');
    const address = hostname.replace(/^\[|\]$/g, '');
    if (!this.#options.allowPrivate && isIP(address) !== 0 && !isPublicAddress(address))
      throw refused(url, `${address} is no public address`);
  }
}

async function collected(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw new CordonError('network.refused', `the server sent more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function strong(etag: string | string[] | undefined): string | undefined {
  return typeof etag === 'string' && etag.startsWith('"') ? etag : undefined;
}

function refused(url: string, reason: string, cause?: unknown): CordonError {
  const { origin, pathname } = new URL(url);
  // Why without the query: signed URLs carry credentials there.
  return new CordonError('network.refused', `${origin}${pathname}: ${reason}`, { cause });
}

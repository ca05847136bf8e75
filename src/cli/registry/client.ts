import { request } from 'undici';
import { CordonError, ERRORS, type ErrorCode } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { Io } from '../io.ts';

/** Where the server is and who asks. */
export interface ServerFlags {
  readonly server?: string;
}

const DEFAULT_SERVER = 'http://127.0.0.1:7070';
const TIMEOUT_MS = 10 * 60_000;

/** Asks a Cordon server. Throws the error that the server names, `network.refused` when it does not answer. */
export class Client {
  readonly #url: string;
  readonly #token: string;

  /** The address is `--server` or CORDON_SERVER; the token CORDON_TOKEN alone, because arguments are seen by everybody. */
  constructor(flags: ServerFlags, io: Io) {
    this.#url = (flags.server ?? io.env.CORDON_SERVER ?? DEFAULT_SERVER).replace(/\/+$/, '');
    const token = io.env.CORDON_TOKEN;
    if (token === undefined || token === '') throw new CordonError('usage.invalid', 'set CORDON_TOKEN to a token of the server');
    this.#token = token;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask<Answer>('GET', path);
  }

  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.#ask<Answer>('POST', path, body);
  }

  /** Sends a document as it is, to the byte. */
  postDocument<Answer>(path: string, text: string): Promise<Answer> {
    return this.#ask<Answer>('POST', path, text);
  }

  delete<Answer>(path: string): Promise<Answer> {
    return this.#ask<Answer>('DELETE', path);
  }

  async #ask<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | string): Promise<Answer> {
    const { statusCode, text } = await this.#send(method, path, body);
    const answer = parse(text);
    if (statusCode < 300) return answer as Answer;
    const { code, detail } = (answer ?? {}) as { code?: string; detail?: string };
    const known = code !== undefined && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'network.refused';
    throw new CordonError(known, printable(detail ?? `${this.#url} answered ${statusCode}`));
  }

  async #send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | string): Promise<{ statusCode: number; text: string }> {
    try {
      const answer = await request(`${this.#url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      return { statusCode: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw new CordonError('network.refused', `${this.#url} does not answer; is cordon serve running there?`, { cause: error });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

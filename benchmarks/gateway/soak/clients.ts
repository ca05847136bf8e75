import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { type SoakRequest, someRequest } from './requests.ts';

/** What became of the requests of one kind. */
export interface Tally {
  sent: number;
  aborted: number;
  /** How often what must not come of it did, with the last one. */
  surprises: number;
  lastSurprise: string | undefined;
}

/** Clients that ask at a steady rate, whatever becomes of what they asked before. */
export class Clients {
  readonly tallies = new Map<string, Tally>();
  readonly #pool: Pool;
  readonly #key: string;
  /** Share of the requests that their client gives up in the middle. */
  readonly #aborts: number;
  readonly #going = new Set<Promise<void>>();
  #next = 0;

  constructor(origin: string, key: string, aborts: number) {
    this.#pool = new Pool(origin, { connections: 256, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
    this.#key = key;
    this.#aborts = aborts;
  }

  /** Requests that were sent, and of them those that were given up. */
  get sent(): { all: number; aborted: number } {
    const tallies = [...this.tallies.values()];
    return { all: tallies.reduce((sum, one) => sum + one.sent, 0), aborted: tallies.reduce((sum, one) => sum + one.aborted, 0) };
  }

  /** Requests under way. */
  get going(): number {
    return this.#going.size;
  }

  /** Asks `rate` times a second, in no rhythm, until the time is over and everything has ended. */
  async run(rate: number, seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1_000;
    let due = performance.now();
    while (due < end) {
      due += (-Math.log(1 - Math.random()) / rate) * 1_000;
      const wait = due - performance.now();
      if (wait > 0) await pause(wait);
      // Why: a machine that cannot keep up shall be busy, not drown.
      if (this.#going.size < 200) this.#begin(someRequest(this.#next++));
    }
    await Promise.all(this.#going);
  }

  /** Asks for the same so many times at once; returns the statuses. */
  async together(request: SoakRequest, times: number): Promise<number[]> {
    return Promise.all(Array.from({ length: times }, () => this.#ask(request, undefined)));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #begin(request: SoakRequest): void {
    const going = this.#one(request).finally(() => this.#going.delete(going));
    this.#going.add(going);
  }

  async #one(request: SoakRequest): Promise<void> {
    const tally = this.tallies.get(request.kind) ?? { sent: 0, aborted: 0, surprises: 0, lastSurprise: undefined };
    this.tallies.set(request.kind, tally);
    const aborting = Math.random() < this.#aborts ? new AbortController() : undefined;
    const timer = aborting === undefined ? undefined : setTimeout(() => aborting.abort(), 1 + Math.random() * 80);
    tally.sent++;
    try {
      const status = await this.#ask(request, aborting?.signal);
      if (request.statuses.includes(status)) return;
      tally.surprises++;
      tally.lastSurprise = `status ${status}`;
    } catch (error) {
      if (aborting?.signal.aborted === true) tally.aborted++;
      else if (request.breaks !== true) {
        tally.surprises++;
        tally.lastSurprise = String(error);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(request: SoakRequest, signal: AbortSignal | undefined): Promise<number> {
    const { method, path, slowly = false } = request;
    const headers = { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', ...request.headers };
    const body = method === 'GET' ? null : slowly ? Readable.from(inPieces(request.body)) : request.body;
    const answer = await this.#pool.request({ method, path, headers, body, ...(signal !== undefined && { signal }) });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) {
      if (request.makes === true) chunks.push(chunk as Buffer);
      if (slowly) await pause(20);
    }
    if (request.makes === true && answer.statusCode === 200) {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
      this.#begin({ kind: 'file, deleted', method: 'DELETE', path: `${path}/${id}`, body: '', statuses: [200] });
    }
    return answer.statusCode;
  }
}

async function* inPieces(text: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += 500) {
    yield Buffer.from(text.slice(at, at + 500));
    await pause(30);
  }
}

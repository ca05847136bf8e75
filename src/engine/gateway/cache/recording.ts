import type { CordonError } from '../../../core/errors.ts';
import type { Sink, Target } from '../upstreams/upstreams.ts';
import type { KeptAnswer } from './response-cache.ts';

/** Headers that belong to one answer only. */
const OF_ONE_ANSWER: ReadonlySet<string> = new Set(['x-request-id', 'request-id', 'openai-processing-ms', 'retry-after', 'retry-after-ms']);
/** How streams end that are complete. Why looked for: one that was cut off at the end of a connection has no other mark. */
const COMPLETE = /\[DONE\]|message_stop|response\.completed/;
/** Bytes at the end of a stream in which its mark is looked for. */
const TAIL = 64 * 1024;

/** Passes an answer on and keeps it when it is whole, good and not too long. */
export class Recording implements Sink {
  readonly #sink: Sink;
  readonly #isStream: boolean;
  readonly #most: number;
  readonly #keep: (answer: KeptAnswer) => void;
  #head: Omit<KeptAnswer, 'body'> | undefined;
  #chunks: Buffer[] | undefined;
  #length = 0;

  constructor(sink: Sink, isStream: boolean, most: number, keep: (answer: KeptAnswer) => void) {
    this.#sink = sink;
    this.#isStream = isStream;
    this.#most = most;
    this.#keep = keep;
  }

  head(status: number, headers: Readonly<Record<string, string>>, target: Target): void {
    if (status === 200) {
      const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_ANSWER.has(name)));
      this.#head = { status, headers: kept, target };
      this.#chunks = [];
    }
    this.#sink.head(status, { ...headers, 'x-cordon-cache': 'miss' }, target);
  }

  data(chunk: Buffer): boolean {
    if (this.#chunks !== undefined) {
      this.#length += chunk.length;
      if (this.#length > this.#most) this.#chunks = undefined;
      // Why a copy: pieces are views of larger buffers, which would be kept as a whole.
      else this.#chunks.push(Buffer.from(chunk));
    }
    return this.#sink.data(chunk);
  }

  end(): void {
    const body = this.#chunks === undefined ? undefined : Buffer.concat(this.#chunks);
    this.#sink.end();
    if (this.#head === undefined || body === undefined) return;
    if (this.#isStream && !COMPLETE.test(body.subarray(-TAIL).toString('latin1'))) return;
    this.#keep({ ...this.#head, body });
  }

  error(error: CordonError, sentHead: boolean): void {
    this.#sink.error(error, sentHead);
  }
}

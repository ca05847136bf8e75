import { writeJson } from '../../formats/exact-json/write-json.ts';
import { CordonError } from '../../core/errors.ts';
import { needsTranslation, type Sink, type Target, type UpstreamProtocol } from '../../engine/gateway/upstreams/upstreams.ts';
import { asCordonError } from '../http/error-reply.ts';
import { parseObject } from '../json/parse-object.ts';
import type { StreamTranslation, Translated } from '../translate/translation.ts';

/**
 * Translates the answers of targets that speak another protocol than the client, and hands on all others as they are. Why before the
 * guard: it decides about what the client gets.
 */
export class TranslatingSink implements Sink {
  readonly #sink: Sink;
  readonly #asked: { readonly protocol: UpstreamProtocol; readonly path: string };
  readonly #translated: Translated;
  #translates = false;
  #target: Target | undefined;
  #status = 200;
  #stream: StreamTranslation | undefined;
  readonly #chunks: Buffer[] = [];
  #hasFailed = false;

  constructor(sink: Sink, asked: { readonly protocol: UpstreamProtocol; readonly path: string }, translated: Translated) {
    this.#sink = sink;
    this.#asked = asked;
    this.#translated = translated;
  }

  head(status: number, headers: Readonly<Record<string, string>>, target: Target): void {
    this.#status = status;
    this.#target = target;
    this.#translates = needsTranslation(this.#asked, target);
    const isStream = status < 400 && /^text\/event-stream\b/i.test(headers['content-type'] ?? '');
    if (this.#translates && isStream) this.#stream = this.#translated.stream(target);
    this.#sink.head(status, headers, target);
  }

  data(chunk: Buffer): boolean {
    if (this.#hasFailed) return true;
    if (!this.#translates) return this.#sink.data(chunk);
    const stream = this.#stream;
    if (stream === undefined) {
      this.#chunks.push(chunk);
      return true;
    }
    const made = this.#try(() => stream.push(chunk));
    return made === undefined || made.length === 0 || this.#sink.data(made);
  }

  end(): void {
    if (this.#hasFailed) return;
    if (this.#translates) {
      const stream = this.#stream;
      const made = this.#try(() => (stream === undefined ? this.#whole(Buffer.concat(this.#chunks)) : stream.end()));
      if (made === undefined) return;
      if (made.length > 0) this.#sink.data(made);
    }
    this.#sink.end();
  }

  error(error: CordonError, sentHead: boolean): void {
    if (!this.#hasFailed) this.#sink.error(error, sentHead);
  }

  #whole(bytes: Buffer): Buffer {
    // Why as it is: whoever takes it turns redirects away.
    if (this.#status >= 300 && this.#status < 400) return bytes;
    let answer: Record<string, unknown>;
    try {
      answer = bytes.length === 0 && this.#status >= 400 ? {} : parseObject(bytes);
    } catch (cause) {
      throw new CordonError('upstream.failed', 'the model provider sent an answer that is no JSON object', { cause });
    }
    const { reply, error } = this.#translated;
    const target = this.#target!;
    return Buffer.from(writeJson(this.#status < 400 ? reply(answer, target) : error(this.#status, answer, target)));
  }

  /** What was made; undefined: it failed, and the sink was told. */
  #try(make: () => Buffer): Buffer | undefined {
    try {
      return make();
    } catch (error) {
      this.#hasFailed = true;
      this.#chunks.length = 0;
      this.#stream = undefined;
      this.#sink.error(asCordonError(error), true);
      return undefined;
    }
  }
}

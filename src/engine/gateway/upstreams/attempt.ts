import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import { CordonError } from '../../../core/errors.ts';
import { passedHeaders, retryAfterMs } from './answer-headers.ts';
import type { Deadlines, Limited } from './deadlines.ts';
import { checkedErrorBody } from './error-body.ts';
import { connectionFailure, type Failure, upstreamError } from './failure.ts';
import type { Converter, Outgoing } from './providers/provider.ts';
import type { RouteTarget } from './route.ts';
import type { Streamed, Target, UpstreamProtocol } from './upstreams.ts';

/** Why: a handful of interim answers are legitimate, a stream of them is meant to last. */
const MOST_INTERIM = 16;
/** Bytes of an answer that nobody wants that are read all the same, because a new connection costs more. */
const DISCARDED_BYTES = 64 * 1024;
/** Statuses that say that our own credential is refused: nothing that a client could mend, and their bodies quote keys. */
const CREDENTIAL_REFUSED: ReadonlySet<number> = new Set([401, 403, 407]);

/** Who waits for an attempt. */
export interface AttemptOwner {
  /** Protocol of whoever asks. */
  readonly protocol: UpstreamProtocol;
  /** Bytes that the answer may have at most; undefined: what is configured for the upstream. */
  readonly maxResponseBytes: number | undefined;
  /** Whether a failure is met by another attempt, which begins by itself. Otherwise the answer, or the error, is passed on. */
  retries(attempt: Attempt, failure: Failure): boolean;
  head(attempt: Attempt, status: number, headers: Record<string, string>): void;
  /** False: no more for now. */
  data(chunk: Buffer): boolean;
  end(): void;
  fail(failure: Failure): void;
}

export interface AttemptContext {
  readonly deadlines: Deadlines;
  readonly retryStatuses: ReadonlySet<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * One request to one target, from the connection to the last byte. Whatever happens it ends exactly once: the owner is told, and the place
 * of the request at the upstream is free again.
 */
export class Attempt implements Dispatcher.DispatchHandler, Limited {
  readonly to: RouteTarget;
  readonly target: Target;
  place = -1;
  readonly #owner: AttemptOwner;
  readonly #context: AttemptContext;
  readonly #startedAt = performance.now();
  #isProbe: boolean;
  #lastSeen = this.#startedAt;
  /** When the last piece of the body was taken. */
  #lastSent = this.#startedAt;
  #controller: Dispatcher.DispatchController | undefined;
  #outgoing: Outgoing | undefined;
  #converter: Converter | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #interim = 0;
  #bytes = 0;
  #isPaused = false;
  #isDiscarding = false;
  #hasOutcome = false;
  #isDone = false;

  constructor(to: RouteTarget, target: Target, owner: AttemptOwner, context: AttemptContext) {
    this.to = to;
    this.target = target;
    this.#owner = owner;
    this.#context = context;
    to.upstream.inFlight++;
    this.#isProbe = to.health.begin();
    context.deadlines.add(this);
  }

  dispatch(pool: Pool, method: Dispatcher.HttpMethod, outgoing: Outgoing, headers: string[]): void {
    if (this.#isDone) return;
    this.#outgoing = outgoing;
    const { path, body } = outgoing;
    if (Buffer.isBuffer(body)) pool.dispatch({ path, method, headers, body: body.length > 0 ? body : null }, this);
    else {
      const pieces = Readable.from(this.#sent(body), { objectMode: false });
      pool.dispatch({ path, method, headers: [...headers, 'content-length', String(body.length)], body: pieces }, this);
    }
  }

  /** Why: a long body takes its time, and the answer comes behind it. */
  async *#sent(body: Streamed): AsyncGenerator<Buffer> {
    for await (const chunk of body.open()) {
      this.#lastSent = this.#context.deadlines.now;
      yield chunk;
    }
  }

  /** Ends it because nobody wants it any more. */
  abort(): void {
    this.#finish('neutral');
    this.#cut();
  }

  /** Ends it because it cannot be sent. */
  refuse(failure: Failure): void {
    this.#fail(failure);
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#lastSeen = performance.now();
    this.#controller?.resume();
  }

  tick(now: number): void {
    const { firstByteMs, idleMs, totalMs } = this.to.upstream.config.timeouts;
    const age = now - this.#startedAt;
    if (age > totalMs) this.#late(`no whole answer within ${totalMs} ms`);
    else if (this.#bytes === 0 && now - this.#lastSent > firstByteMs) this.#late(`no answer within ${firstByteMs} ms`);
    else if (this.#bytes > 0 && !this.#isPaused && now - this.#lastSeen > idleMs) this.#late(`nothing more for ${idleMs} ms`);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isDone) this.#cut();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.#isDone) return;
    if (status < 200) {
      if (++this.#interim > MOST_INTERIM) this.#garbage('it sends interim answers without end');
      return;
    }
    const { upstream } = this.to;
    if (CREDENTIAL_REFUSED.has(status)) {
      upstream.problem = `it refuses the credential (status ${status})`;
      return this.#fail({
        error: upstreamError(upstream.id, `it refuses the credential of the gateway (status ${status})`),
        wasSent: true,
        status,
        isTransient: false,
        isFault: false,
      });
    }
    if (status >= 300 && status < 400) return this.#garbage(`it redirects (status ${status}), which is not followed`);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') return this.#garbage('it compresses its answer although it was asked not to');
    // Why: whoever reads one of them and whoever reads the other see different messages.
    if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined)
      return this.#garbage('it announces the length of its answer in two ways');
    const length = Number(headers['content-length'] ?? 0);
    if (length > this.#mostBytes) return this.#tooLong();
    if (this.#context.retryStatuses.has(status) && this.#isRetried(status, headers)) return;
    this.#status = status;
    this.#headers = passedHeaders(headers, this.target.protocol, this.#owner.protocol);
    try {
      this.#converter = this.#converterFor(status);
    } catch (error) {
      return this.#unreadable(error);
    }
    if (this.#converter !== undefined) {
      this.#headers['content-type'] = this.#converter.contentType;
      delete this.#headers['content-length'];
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Why: whoever was paused is told of nothing at first, and who pauses because of that is told so for ever.
    if (this.#isDone || chunk.length === 0) return;
    const isFirst = this.#bytes === 0;
    this.#bytes += chunk.length;
    this.#lastSeen = this.#context.deadlines.now;
    if (this.#isDiscarding) {
      if (this.#bytes > DISCARDED_BYTES) this.#enough();
      return;
    }
    if (this.#bytes > this.#mostBytes) return this.#tooLong();
    if (isFirst) this.#answered();
    let out = chunk;
    if (this.#converter !== undefined) {
      try {
        out = this.#converter.push(chunk);
      } catch (error) {
        return this.#unreadable(error);
      }
      if (out.length === 0) return;
    }
    this.#sendHead();
    if (!this.#owner.data(out) && !this.#isDone) {
      this.#isPaused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    if (this.#isDone) return;
    if (this.#isDiscarding) return this.#finish('neutral');
    if (this.#bytes === 0) this.#answered();
    let rest: Buffer | undefined;
    try {
      rest = this.#converter?.end();
    } catch (error) {
      return this.#unreadable(error);
    }
    this.#finish(this.#isFault(this.#status) ? 'failed' : this.#status === 429 ? 'neutral' : 'succeeded');
    this.#sendHead();
    if (rest !== undefined && rest.length > 0) this.#owner.data(rest);
    this.#owner.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isDone) return;
    this.#fail(connectionFailure(this.to.upstream.id, error, this.#controller !== undefined));
  }

  /** Why upgrades are refused: nobody asked for one. */
  onRequestUpgrade(): void {
    this.#garbage('it wants to switch protocols');
  }

  #converterFor(status: number): Converter | undefined {
    const { upstream } = this.to;
    const contentType = this.#headers['content-type'] ?? 'application/octet-stream';
    const own = this.#outgoing?.convert?.(status, contentType);
    if (own !== undefined || status < 400) return own;
    return checkedErrorBody(upstream.id, contentType, upstream.provider.credential.secretValues());
  }

  /** Tries elsewhere or again where the owner does; the rest of the answer is read and forgotten. */
  #isRetried(status: number, headers: IncomingHttpHeaders): boolean {
    const { upstream, health } = this.to;
    const now = performance.now();
    const wait = retryAfterMs(headers, this.#context.now());
    // Why bounded: a provider must not be able to take itself out for a day.
    if (status === 429 || status === 503) health.coolUntil = Math.max(health.coolUntil, now + Math.min(wait ?? 1_000, 60_000));
    const failure: Failure = {
      error: upstreamError(upstream.id, `it answered with status ${status}`),
      wasSent: true,
      status,
      retryAfterMs: wait,
      isTransient: true,
      isFault: this.#isFault(status),
    };
    if (failure.isFault) this.#finishHealth('failed');
    this.#isDiscarding = this.#owner.retries(this, failure);
    return this.#isDiscarding;
  }

  #isFault(status: number): boolean {
    return status >= 500 || status === 408;
  }

  #answered(): void {
    const now = performance.now();
    const { health, upstream } = this.to;
    upstream.problem = undefined;
    if (this.#isFault(this.#status)) return;
    health.responded(now - this.#startedAt, now);
    if (this.#isProbe) {
      this.#isProbe = false;
      health.probeSucceeded();
    }
  }

  #sendHead(): void {
    if (this.#status === 0) return;
    const status = this.#status;
    this.#status = 0;
    this.#owner.head(this, status, this.#headers);
  }

  get #mostBytes(): number {
    return this.#owner.maxResponseBytes ?? this.to.upstream.config.maxResponseBytes;
  }

  #late(why: string): void {
    this.#fail({ error: upstreamError(this.to.upstream.id, why, 'upstream.late'), wasSent: true, isTransient: true, isFault: true });
  }

  #tooLong(): void {
    this.#garbage(`its answer has more than ${this.#mostBytes} bytes`);
  }

  #garbage(why: string): void {
    this.#fail({ error: upstreamError(this.to.upstream.id, why), wasSent: true, isTransient: false, isFault: true });
  }

  /** What a converter refuses. */
  #unreadable(thrown: unknown): void {
    const error = thrown instanceof CordonError ? thrown : upstreamError(this.to.upstream.id, 'its answer cannot be read');
    this.#fail({ error, wasSent: true, isTransient: true, isFault: true });
  }

  #fail(failure: Failure): void {
    if (this.#isDone) return;
    // Another attempt is under way already: this one has nothing more to say.
    if (this.#isDiscarding) return this.#enough();
    this.#finish(failure.isFault ? 'failed' : 'neutral');
    this.#cut();
    if (!this.#owner.retries(this, failure)) this.#owner.fail(failure);
  }

  #enough(): void {
    this.#finish('neutral');
    this.#cut();
  }

  #cut(): void {
    this.#controller?.abort(ABORTED);
  }

  #finishHealth(outcome: 'succeeded' | 'failed' | 'neutral'): void {
    if (this.#hasOutcome) return;
    this.#hasOutcome = true;
    this.to.health.end(outcome, this.#isProbe, performance.now());
  }

  #finish(outcome: 'succeeded' | 'failed' | 'neutral'): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#context.deadlines.remove(this);
    this.to.upstream.inFlight--;
    this.#finishHealth(outcome);
  }
}

/** Why one for all: nobody looks at it, and a stack trace costs more than the request. */
const ABORTED = new Error('aborted');

import { CordonError } from '../../core/errors.ts';
import type { CacheKey } from '../../engine/gateway/cache/cache-key.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Sending, Sink, Target, UpstreamRequest } from '../../engine/gateway/upstreams/upstreams.ts';
import { Judging, type Windows } from '../guarding/judging.ts';
import { passed, refuses } from '../guarding/refusal.ts';
import { answerType } from '../http/answer-type.ts';
import { asCordonError, errorReply, statusOf } from '../http/error-reply.ts';
import { outcomeOfAnswer, outcomeOfError } from '../http/outcome.ts';
import { answerWhole, errorWhole } from './answer-whole.ts';
import { StreamAnswer } from './answer-stream.ts';
import type { Exchange } from './exchange.ts';
import type { Guarding } from './guarding.ts';
import { type AtMost, unknownOutput } from './unknown-output.ts';
import { requireGoing } from './require-going.ts';
import { TranslatingSink } from './translating-sink.ts';

/** Why: what a provider says about its operator's credential is nothing for clients. */
const CREDENTIAL_STATUSES: ReadonlySet<number> = new Set([401, 403, 407]);
/** Code units of a token, where nobody counts. */
const UNITS_OF_TOKEN = 4;
/** A text is one window. */
const WHOLE: Windows = { least: Infinity, most: Infinity };
/** Why: judges that are slow should be asked about much at a time. */
const LEAST_OF_MOST = 1_000;

/** Sends a request and brings its answer to the client, guarded. Settles when everything is over; never rejects. */
export function deliver(guarding: Guarding, request: UpstreamRequest, cacheKey: CacheKey | undefined, most: AtMost): Promise<void> {
  return new Promise((over) => {
    const delivery = new Delivery(guarding, most, over);
    delivery.start(request, cacheKey);
  });
}

class Delivery implements Sink {
  readonly #guarding: Guarding;
  readonly #exchange: Exchange;
  readonly #most: AtMost;
  readonly #over: () => void;
  readonly #sentAt = performance.now();
  /** When the first text of a stream came. */
  #spokeAt: number | undefined;
  #sending: Sending | undefined;
  #status = 200;
  #headers: Readonly<Record<string, string>> = {};
  #stream: StreamAnswer | undefined;
  #judging: Judging | undefined;
  /** Whether the provider was told to wait. */
  #isPaused = false;
  #chunks: Buffer[] = [];
  #ended = false;
  /** Whether the answer passes as it comes. */
  #isOpaque = false;
  #isBlocked = false;
  /** Whether the head of a streamed answer is with the client. */
  #hasWritten = false;

  constructor(guarding: Guarding, most: AtMost, over: () => void) {
    this.#guarding = guarding;
    this.#exchange = guarding.exchange;
    this.#most = most;
    this.#over = over;
  }

  start(request: UpstreamRequest, cacheKey: CacheKey | undefined): void {
    const { response, services, model } = this.#exchange;
    try {
      requireGoing(this.#exchange);
    } catch (error) {
      return this.#fail(asCordonError(error));
    }
    response.on('close', () => this.#clientLeft());
    response.on('drain', () => this.#sending?.resume());
    this.#exchange.cut = (error) => this.#fail(error);
    const { translated, protocol } = this.#guarding;
    const sink =
      translated === undefined ? this : new TranslatingSink(this, { protocol: protocol.family, path: protocol.path }, translated);
    const { pinned } = this.#guarding;
    this.#sending =
      pinned === undefined
        ? services.cache.send(services.upstreams, cacheKey, model, request, sink)
        : services.upstreams.sendTo(pinned.upstream, request, sink);
  }

  head(status: number, headers: Readonly<Record<string, string>>, target: Target): void {
    const { exchange } = this.#guarding;
    const { pinned } = this.#guarding;
    exchange.target = pinned === undefined ? target : { ...target, model: pinned.model };
    exchange.upstreamMs = Math.round(performance.now() - this.#sentAt);
    exchange.price = exchange.policy.prices.priceOf(target.kind, exchange.target.model);
    this.#status = status;
    this.#headers = headers;
    const isStream = /^text\/event-stream\b/i.test(headers['content-type'] ?? '');
    if (status < 400 && this.#guarding.protocol.opaque?.test(headers['content-type'] ?? '') === true) {
      this.#isOpaque = true;
      exchange.response.setHeader('x-content-type-options', 'nosniff');
      this.#writeHead(200);
    } else if (status < 400 && isStream && !this.#waitsForAll) {
      this.#stream = this.#open();
      this.#writeHead(200);
    }
  }

  data(chunk: Buffer): boolean {
    if (this.#ended) return true;
    if (this.#isOpaque) return this.#write([chunk]);
    if (this.#stream === undefined) {
      this.#chunks.push(chunk);
      return true;
    }
    try {
      const isTaken = this.#write(this.#stream.push(chunk));
      if (this.#stream.outputUnits > 0) this.#spokeAt ??= performance.now();
      if (this.#stream.blocked !== undefined) this.#block(this.#stream.blocked);
      this.#isPaused = !isTaken || this.#stream.isFull;
      return !this.#isPaused;
    } catch (error) {
      this.#fail(asCordonError(error));
      return true;
    }
  }

  end(): void {
    if (this.#ended) return;
    const work = this.#isOpaque
      ? this.#endOpaque()
      : this.#stream === undefined
        ? this.#endWhole(Buffer.concat(this.#chunks))
        : this.#endStream(this.#stream);
    work.catch((error: unknown) => this.#fail(asCordonError(error)));
  }

  error(error: CordonError): void {
    this.#fail(error);
  }

  async #endWhole(bytes: Buffer): Promise<void> {
    const exchange = this.#exchange;
    if (CREDENTIAL_STATUSES.has(this.#status))
      throw new CordonError('upstream.failed', 'the model provider refused the credential of the gateway');
    if (this.#status >= 300 && this.#status < 400) throw new CordonError('upstream.failed', 'the model provider answered with a redirect');
    if (this.#status < 400 && /^text\/event-stream\b/i.test(this.#headers['content-type'] ?? '')) return this.#replay(bytes);
    const whole =
      this.#status < 400
        ? await answerWhole(this.#guarding, bytes, this.#headers['content-type'])
        : await errorWhole(this.#guarding, bytes);
    if (this.#ended) return;
    exchange.decided('response', whole.decision);
    // Why what came: an answer that is withheld was made, and is shorter now.
    if (this.#status < 400) this.#estimate(bytes.length);
    const isBlocked = refuses(whole.decision);
    await this.#finish(
      isBlocked ? 'blocked' : outcomeOfAnswer(this.#status),
      this.#status,
      isBlocked ? 'gateway.refused' : this.#status < 400 ? null : 'upstream.refused',
      whole.bytes,
    );
  }

  async #endOpaque(): Promise<void> {
    this.#estimate(0);
    await this.#finish('served', 200, null);
  }

  async #endStream(stream: StreamAnswer): Promise<void> {
    this.#write(stream.end());
    if (stream.blocked === undefined && this.#judging !== undefined) {
      await this.#judging.settled();
      if (this.#ended) return;
      this.#write(stream.drain());
    }
    if (stream.blocked !== undefined) return this.#block(stream.blocked);
    this.#estimate(stream.outputUnits);
    this.#exchange.decided('response', this.#judging?.worst ?? passed(stream.changed, this.#guarding.guard.policyDigest));
    await this.#finish('served', 200, null);
  }

  /** How much of a stream judges have to see before any of it is passed on is for the policy to say. */
  get #waitsForAll(): boolean {
    return this.#guarding.guard.hasJudges && this.#exchange.policy.config.guard.hold.judges === 'full';
  }

  #open(): StreamAnswer {
    const { guard, call } = this.#guarding;
    const { judges, windowCharacters: least, deadlineMs } = this.#exchange.policy.config.guard.hold;
    if (!guard.hasJudges || judges === 'exact') return new StreamAnswer(this.#guarding);
    const windows = judges === 'full' ? WHOLE : { least, most: Math.max(least * 2, LEAST_OF_MOST) };
    this.#judging = new Judging({ guard, call, windows, deadlineMs, decided: () => this.#decided() });
    return new StreamAnswer(this.#guarding, this.#judging);
  }

  /** Judges have spoken about a part of a stream. */
  #decided(): void {
    const stream = this.#stream;
    if (this.#ended || stream === undefined) return;
    try {
      if (stream.blocked !== undefined) return this.#block(stream.blocked);
      const isTaken = this.#write(stream.drain());
      if (!this.#isPaused || !isTaken || stream.isFull) return;
      this.#isPaused = false;
      this.#sending?.resume();
    } catch (error) {
      this.#fail(asCordonError(error));
    }
  }

  /** A streamed answer that judges have to see first: nothing is passed on before they have spoken about all of it. */
  async #replay(bytes: Buffer): Promise<void> {
    const stream = this.#open();
    const out = [...stream.push(bytes), ...stream.end()];
    await this.#judging?.settled();
    if (this.#ended) return;
    this.#stream = stream;
    this.#writeHead(200);
    if (stream.blocked !== undefined) return this.#block(stream.blocked);
    this.#write([...out, ...stream.drain()]);
    this.#estimate(stream.outputUnits);
    this.#exchange.decided('response', this.#judging?.worst ?? passed(stream.changed, this.#guarding.guard.policyDigest));
    await this.#finish('served', 200, null);
  }

  #block(decision: GuardDecision): void {
    const stream = this.#stream;
    if (this.#ended || this.#isBlocked || stream === undefined) return;
    this.#isBlocked = true;
    this.#judging?.close();
    this.#sending?.abort('the guard ended the answer');
    this.#estimate(stream.outputUnits, true);
    this.#exchange.decided('response', decision);
    this.#write(stream.blockedEvents());
    this.#finish('blocked', 200, 'gateway.refused').catch((error: unknown) => this.#fail(asCordonError(error)));
  }

  /** Ends an exchange that failed or was cut. What is held back is dropped. */
  #fail(error: CordonError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#judging?.close();
    this.#sending?.abort(error.code);
    // Why for late ones too: the model has the request, and works on it.
    const isCut = this.#sending !== undefined && (error.code === 'upstream.late' || error.code === 'gateway.stopped');
    const isBroken = this.#exchange.target !== undefined || isCut;
    this.#estimate(this.#stream?.outputUnits ?? 0, isBroken);
    void this.#endFailed(error);
  }

  async #endFailed(failure: CordonError): Promise<void> {
    const { response, id, route, admission } = this.#exchange;
    const outcome = outcomeOfError(failure.code);
    // Why whatever comes of the record: the answer is an error already.
    await this.#exchange.finish(outcome, response.headersSent ? 200 : statusOf(failure.code), failure.code).catch(() => undefined);
    // Why: half a recording must not look like a whole one.
    if (this.#isOpaque) response.destroy();
    else if (response.headersSent) response.end(Buffer.concat(this.#stream?.failedEvents(failure) ?? []));
    else {
      const { status, body } = errorReply(route.family === 'anthropic' ? 'anthropic' : 'openai', failure, id);
      response
        .writeHead(status, {
          ...admission?.headers,
          'content-type': 'application/json',
          'content-length': body.length,
          'x-request-id': id,
          'x-cordon-request-id': id,
        })
        .end(body);
    }
    this.#over();
  }

  #clientLeft(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#judging?.close();
    this.#sending?.abort('the client left');
    this.#estimate(this.#stream?.outputUnits ?? 0, true);
    const over = (): void => this.#over();
    this.#exchange.finish('aborted', this.#exchange.response.statusCode, 'client').then(over, over);
  }

  /** Writes the record, then ends the answer. Why in this order: what was not written down must not look complete. */
  async #finish(
    outcome: 'served' | 'refused' | 'blocked' | 'failed',
    status: number,
    reason: string | null,
    bytes?: Buffer,
  ): Promise<void> {
    const { response } = this.#exchange;
    if (this.#ended) return;
    // Why: what comes out of the cache costs nothing.
    if (this.#headers['x-cordon-cache'] === 'hit')
      this.#exchange.usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, measured: true };
    this.#exchange.attempts = this.#sending?.attempts ?? 0;
    if (bytes !== undefined) this.#exchange.answering(bytes);
    await this.#exchange.finish(outcome, status, reason);
    this.#ended = true;
    if (bytes === undefined) response.end();
    else response.writeHead(status, { ...this.#answerHeaders(), 'content-length': bytes.length }).end(bytes);
    this.#over();
  }

  #writeHead(status: number): void {
    const { response } = this.#exchange;
    response.writeHead(status, { ...this.#answerHeaders(), 'cache-control': 'no-cache' });
  }

  #answerHeaders(): Record<string, string> {
    const { 'content-length': _, ...headers } = this.#headers;
    const { id, admission } = this.#exchange;
    const { plainText } = this.#guarding.protocol;
    const told = headers['content-type'] ?? '';
    const isGood = this.#status < 400;
    const read = /^text\/event-stream\b/i.test(told) && isGood ? 'stream' : isGood && plainText?.test(told) === true ? 'text' : 'json';
    const type = this.#isOpaque ? told : answerType(read, told);
    return { ...headers, 'content-type': type, ...admission?.headers, 'x-cordon-request-id': id };
  }

  #write(pieces: readonly Buffer[]): boolean {
    const isFirst = !this.#hasWritten;
    this.#hasWritten = true;
    if (pieces.length === 0) {
      // Why only now: with the first piece the head costs nothing, and whoever waits for one that may not pass yet learns that it is coming.
      if (isFirst) this.#exchange.response.flushHeaders();
      return true;
    }
    // Why together: every write is framed, digested and handed on by itself, and a sentence that is let go is ten events and more.
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.#exchange.answering(bytes);
    return this.#exchange.response.write(bytes);
  }

  /** Why also for what broke off: the provider charges for it, and what it counted until then is not all. */
  #estimate(outputUnits: number, isBroken = false): void {
    const exchange = this.#exchange;
    const seen = Math.ceil(outputUnits / UNITS_OF_TOKEN);
    const counted = exchange.usage;
    if (counted?.measured === true) {
      if (isBroken && counted.outputTokens < seen) exchange.usage = { ...counted, outputTokens: seen, measured: false };
      return;
    }
    if (exchange.target === undefined && !isBroken) return;
    const unseen =
      isBroken && this.#status < 300 ? unknownOutput(this.#most, exchange.stream, (this.#spokeAt ?? performance.now()) - this.#sentAt) : 0;
    const outputTokens = Math.max(seen, Math.min(this.#most.outputTokens, seen + unseen));
    exchange.usage = { inputTokens: this.#most.inputTokens, outputTokens, cachedTokens: 0, measured: false };
  }
}

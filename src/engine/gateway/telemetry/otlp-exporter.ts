import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Agent, request } from 'undici';
import { errorMessage } from '../../../core/errors.ts';
import type { OtlpConfig } from '../../../core/gateway-telemetry-config.ts';
import type { Logger } from '../../../core/logger.ts';
import type { OtlpSpan } from './otlp-json.ts';

const zip = promisify(gzip);

/** Spans of one request. */
const BATCH = 512;
const BATCH_MS = 5_000;
/** Answers after which the same may be sent again (OTLP specification). */
const RETRYABLE = new Set([429, 502, 503, 504]);
const ATTEMPTS = 5;
const WAIT_MS = { first: 1_000, longest: 30_000 } as const;
/** Why: an answer is read to learn what was rejected, and to keep the connection; nobody needs to send more. */
const ANSWER_BYTES = 65_536;
/** Bytes from which compressing pays. */
const ZIP_BYTES = 1_024;

/** What became of what was to be sent. */
export interface ExportCounts {
  readonly sent: number;
  /** Had no place in the queue, was rejected, or could not be sent in time. */
  readonly dropped: number;
}

export interface ExporterOptions {
  readonly config: OtlpConfig;
  /** Values of the configured headers; asked for each request, so that they may change. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly spansRequest: (spans: readonly OtlpSpan[]) => object;
  readonly metricsRequest: () => object;
  readonly log: Logger;
}

/**
 * Sends spans and metrics by OTLP/HTTP with JSON. Nothing waits for it: spans queue up to a bound, are sent in batches, and dropped and
 * counted when the collector is too slow or gone.
 */
export class OtlpExporter {
  readonly #options: ExporterOptions;
  readonly #agent: Agent;
  readonly #spans: OtlpSpan[] = [];
  readonly #counts = { traces: { sent: 0, dropped: 0 }, metrics: { sent: 0, dropped: 0 } };
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #metricsTimer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: ExporterOptions) {
    const { config } = options;
    const timeout = config.timeoutSeconds * 1_000;
    this.#options = options;
    this.#agent = new Agent({ connections: 2, connectTimeout: timeout, headersTimeout: timeout, bodyTimeout: timeout });
    if (config.metrics) this.#metricsTimer = setInterval(() => void this.#sendMetrics(), config.metricSeconds * 1_000).unref();
  }

  get counts(): { readonly traces: ExportCounts; readonly metrics: ExportCounts } {
    return this.#counts;
  }

  /** Takes spans, or counts them as dropped. */
  add(spans: readonly OtlpSpan[]): void {
    if (!this.#options.config.traces) return;
    if (this.#spans.length + spans.length > this.#options.config.queueSpans) {
      this.#counts.traces.dropped += spans.length;
      return;
    }
    this.#spans.push(...spans);
    if (this.#spans.length >= BATCH) void this.#sendSpans();
    else this.#timer ??= setTimeout(() => void this.#sendSpans(), BATCH_MS).unref();
  }

  /** Sends what is waiting. */
  async flush(): Promise<void> {
    await this.#sendSpans();
    if (this.#options.config.metrics) await this.#sendMetrics();
  }

  /** Sends what is waiting once, without trying again for long, and ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#metricsTimer);
    const stop = setTimeout(() => this.#stopped.abort(), this.#options.config.timeoutSeconds * 1_000);
    await this.flush();
    clearTimeout(stop);
    clearTimeout(this.#timer);
    await this.#agent.close();
  }

  /** One batch after the other, until nothing is left. */
  #sendSpans(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#spans.length > 0) {
      const spans = this.#spans.splice(0, BATCH);
      this.#tell('traces', await this.#send('/v1/traces', this.#options.spansRequest(spans)), spans.length);
    }
  }

  async #sendMetrics(): Promise<void> {
    this.#tell('metrics', await this.#send('/v1/metrics', this.#options.metricsRequest()), 1);
  }

  #tell(signal: 'traces' | 'metrics', rejected: number, count: number): void {
    const dropped = Math.min(rejected, count);
    this.#counts[signal].dropped += dropped;
    this.#counts[signal].sent += count - dropped;
  }

  /** Sends, again where that may help; answers how much of it was not taken. */
  async #send(path: string, message: object): Promise<number> {
    const text = JSON.stringify(message);
    const isLong = text.length >= ZIP_BYTES;
    const body = isLong ? await zip(text) : text;
    for (let attempt = 1, wait: number = WAIT_MS.first; ; attempt++, wait = Math.min(2 * wait, WAIT_MS.longest)) {
      const { status, retryAfter, rejected, problem } = await this.#post(path, body, isLong);
      if (problem === undefined) {
        if (this.#isFailing) this.#options.log.info({}, 'the collector takes telemetry again');
        this.#isFailing = false;
        return rejected;
      }
      if (!this.#isFailing) this.#options.log.warn({ problem }, 'the collector does not take telemetry');
      this.#isFailing = true;
      const mayHelp = status === undefined || RETRYABLE.has(status);
      if (!mayHelp || attempt === ATTEMPTS || this.#stopped.signal.aborted) return Number.MAX_SAFE_INTEGER;
      await this.#pause(retryAfter ?? wait * (0.5 + Math.random()));
    }
  }

  async #post(path: string, body: string | Buffer, isZipped: boolean): Promise<Answer> {
    const { config, headers } = this.#options;
    try {
      const {
        statusCode,
        headers: answered,
        body: answer,
      } = await request(`${config.endpoint.replace(/\/+$/, '')}${path}`, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: { ...(await headers()), 'content-type': 'application/json', ...(isZipped && { 'content-encoding': 'gzip' }) },
        body,
        signal: this.#stopped.signal,
      });
      const text = await bounded(answer);
      if (statusCode < 200 || statusCode > 299)
        return { status: statusCode, retryAfter: retryAfterMs(answered['retry-after']), rejected: 0, problem: `it answers ${statusCode}` };
      return { status: statusCode, retryAfter: undefined, rejected: rejectedOf(text), problem: undefined };
    } catch (error) {
      return { status: undefined, retryAfter: undefined, rejected: 0, problem: errorMessage(error) };
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopped;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly rejected: number;
  readonly problem: string | undefined;
}

async function bounded(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) {
      body.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** How much a collector that took the rest rejected. */
function rejectedOf(text: string): number {
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: unknown; rejectedDataPoints?: unknown } };
    // Of data points only that there are some: the message counts as one.
    const rejected = Number(partialSuccess?.rejectedSpans ?? (Number(partialSuccess?.rejectedDataPoints ?? 0) > 0 ? 1 : 0));
    return Number.isFinite(rejected) ? Math.max(0, rejected) : 0;
  } catch {
    return 0;
  }
}

/** Seconds, or a date; at most the longest wait. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), WAIT_MS.longest) : undefined;
}

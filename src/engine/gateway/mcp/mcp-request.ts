import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { CordonError } from '../../../core/errors.ts';
import type { McpServerConfig } from '../../../core/gateway-mcp-config.ts';
import type { Deadlines, Limited } from '../upstreams/deadlines.ts';
import { connectionFailure, upstreamError } from '../upstreams/failure.ts';

/** Who takes the answer of an MCP server: `head` once, `data`, then `end` or `error`. After an abort nothing is called any more. */
export interface McpSink {
  head(status: number, headers: IncomingHttpHeaders): void;
  /** False: no more until {@link McpSending.resume}. */
  data(chunk: Buffer): boolean;
  end(): void;
  error(error: CordonError): void;
}

/** A request to an MCP server under way. */
export interface McpSending {
  resume(): void;
  abort(): void;
}

/** Why: a handful of interim answers are legitimate, a stream of them is meant to last. */
const MOST_INTERIM = 16;
/** Statuses that say that the credential of the gateway is refused: nothing that a client could mend. */
const CREDENTIAL_REFUSED: ReadonlySet<number> = new Set([401, 403, 407]);
/** Why one for all: nobody looks at it. */
const ABORTED = new Error('aborted');

/** One request to an MCP server, from the connection to the last byte, within its limits. Ends exactly once. */
export class McpRequest implements Dispatcher.DispatchHandler, Limited, McpSending {
  place = -1;
  readonly #server: McpServerConfig;
  readonly #sink: McpSink;
  readonly #deadlines: Deadlines;
  readonly #isStream: boolean;
  readonly #startedAt = performance.now();
  #lastSeen = this.#startedAt;
  #controller: Dispatcher.DispatchController | undefined;
  #hasHead = false;
  #isPaused = false;
  #isDone = false;
  #interim = 0;
  #bytes = 0;

  /** `isStream`: it is meant to stay open while nothing happens. */
  constructor(server: McpServerConfig, sink: McpSink, deadlines: Deadlines, isStream: boolean) {
    this.#server = server;
    this.#sink = sink;
    this.#deadlines = deadlines;
    this.#isStream = isStream;
    deadlines.add(this);
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#lastSeen = performance.now();
    this.#controller?.resume();
  }

  abort(): void {
    this.#finish();
    this.#controller?.abort(ABORTED);
  }

  /** Ends it before it was sent, or because of what came. */
  fail(error: CordonError): void {
    if (this.#isDone) return;
    this.abort();
    this.#sink.error(error);
  }

  tick(now: number): void {
    const { firstByteMs, idleMs, totalMs } = this.#server.timeouts;
    if (now - this.#startedAt > totalMs) this.#late(`no whole answer within ${totalMs} ms`);
    else if (!this.#hasHead && now - this.#startedAt > firstByteMs) this.#late(`no answer within ${firstByteMs} ms`);
    else if (!this.#isStream && this.#hasHead && !this.#isPaused && now - this.#lastSeen > idleMs)
      this.#late(`nothing came for ${idleMs} ms`);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isDone) controller.abort(ABORTED);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.#isDone) return;
    if (status < 200) {
      if (++this.#interim > MOST_INTERIM) this.#garbage('it sends interim answers without end');
      return;
    }
    if (CREDENTIAL_REFUSED.has(status)) return this.#garbage(`it refuses the credential of the gateway (status ${status})`);
    if (status >= 300 && status < 400) return this.#garbage(`it redirects (status ${status}), which is not followed`);
    if ((headers['content-encoding'] ?? 'identity') !== 'identity')
      return this.#garbage('it compresses its answer although it was asked not to');
    // Why: whoever reads one of them and whoever reads the other see different messages.
    if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined)
      return this.#garbage('it announces the length of its answer in two ways');
    if (Number(headers['content-length'] ?? 0) > this.#server.maxResponseBytes) return this.#tooLong();
    this.#hasHead = true;
    this.#lastSeen = performance.now();
    this.#sink.head(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isDone) return;
    this.#bytes += chunk.length;
    this.#lastSeen = this.#deadlines.now;
    if (this.#bytes > this.#server.maxResponseBytes) return this.#tooLong();
    if (!this.#sink.data(chunk) && !this.#isDone) {
      this.#isPaused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    if (this.#isDone) return;
    this.#finish();
    this.#sink.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#isDone) return;
    this.fail(connectionFailure(this.#server.id, error, this.#controller !== undefined).error);
  }

  /** Why upgrades are refused: nobody asked for one. */
  onRequestUpgrade(): void {
    this.#garbage('it wants to switch protocols');
  }

  #late(why: string): void {
    this.fail(upstreamError(this.#server.id, why, 'upstream.late'));
  }

  #tooLong(): void {
    this.#garbage(`its answer has more than ${this.#server.maxResponseBytes} bytes`);
  }

  #garbage(why: string): void {
    this.fail(upstreamError(this.#server.id, why));
  }

  #finish(): void {
    this.#isDone = true;
    this.#deadlines.remove(this);
  }
}

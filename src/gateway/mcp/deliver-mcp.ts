import { writeJson } from '../../formats/exact-json/write-json.ts';
import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import type { ExchangeOutcome } from '../../engine/gateway/audit/exchange-record.ts';
import type { McpSending, McpSink } from '../../engine/gateway/mcp/mcp-request.ts';
import type { McpOutgoing } from '../../engine/gateway/mcp/mcp-servers.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { refuses } from '../guarding/refusal.ts';
import { requireGoing } from '../exchange/require-going.ts';
import { asCordonError } from '../http/error-reply.ts';
import { outcomeOfError } from '../http/outcome.ts';
import { answerRpcError } from './answer-error.ts';
import { replyToServer } from './ask-server.ts';
import { eventBytes, EventReader, type McpEvent } from './event-reader.ts';
import { judgeAnswer } from './judge-answer.ts';
import { graver, type McpContext } from './mcp-context.ts';
import { idKey, type RpcId, type RpcMessage } from './message.ts';
import { eventMessage, mediaType, messageOf } from './read-answer.ts';
import { rpcCode, rpcError } from './rpc-error.ts';
import { openSession } from './open-session.ts';

/** What a client waits for: the response to a request, that a message was taken, a stream, the end of its session. */
export type Awaited =
  | { readonly kind: 'response'; readonly id: RpcId; readonly method: string; /** Of `tools/call`. */ readonly tool?: string }
  | { readonly kind: 'taken' | 'stream' | 'ended' };

/** Statuses of a server that clients know what to do with. */
const PASSED: ReadonlySet<number> = new Set([400, 404, 405, 406, 409, 415, 429, 503]);
/** How long a request goes on that was cancelled. Why not at once: the server may still answer, and clients expect that. */
const CANCELLED_MS = 2_000;

/** Sends a message and brings the answer to the client, message by message, each decided about. Settles when everything is over. */
export function deliverMcp(context: McpContext, request: McpOutgoing, awaited: Awaited): Promise<void> {
  return new Promise((over) => new Delivery(context, awaited, over).start(request));
}

class Delivery implements McpSink {
  readonly #awaited: Awaited;
  readonly #over: () => void;
  readonly #sentAt = performance.now();
  readonly #reader = new EventReader();
  #context: McpContext;
  #sending: McpSending | undefined;
  #status = 0;
  #isStream = false;
  #sessionId: string | undefined;
  #chunks: Buffer[] = [];
  /** Events one after the other, in their order. */
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #hasEventId = false;
  #decision: GuardDecision | undefined;
  #ended = false;

  constructor(context: McpContext, awaited: Awaited, over: () => void) {
    this.#context = context;
    this.#awaited = awaited;
    this.#over = over;
  }

  start(request: McpOutgoing): void {
    const { exchange, session, server } = this.#context;
    exchange.response.on('close', () => this.#clientLeft());
    exchange.cut = (error) => this.#fail(error);
    exchange.attempts = 1;
    exchange.target = { upstream: `mcp:${server.config.id}`, model: exchange.model };
    if (this.#awaited.kind === 'response') {
      const cancel = (): void => {
        setTimeout(() => this.#finish('aborted', 200, 'cancelled').catch(this.#broke), CANCELLED_MS).unref();
      };
      session.live.set(idKey(this.#awaited.id), cancel);
    } else if (this.#awaited.kind === 'stream') {
      session.streams++;
      exchange.isWaiting = true;
    }
    try {
      requireGoing(exchange);
      const last = request.headers['last-event-id'];
      if (last !== undefined && !session.events.has(last))
        throw new CordonError('request.invalid', 'this session got no event with this id');
    } catch (error) {
      return this.#fail(asCordonError(error));
    }
    this.#sending = server.send(request, this);
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    const { exchange } = this.#context;
    exchange.upstreamMs = Math.round(performance.now() - this.#sentAt);
    this.#status = status;
    if (status >= 400) return;
    const type = mediaType(headers['content-type']);
    this.#isStream = type === 'text/event-stream' && (this.#awaited.kind === 'response' || this.#awaited.kind === 'stream');
    const fits =
      this.#awaited.kind === 'stream' ? this.#isStream : this.#awaited.kind !== 'response' || this.#isStream || type === 'application/json';
    if (!fits || (this.#awaited.kind === 'response' && status !== 200))
      return this.#fail(
        new CordonError('upstream.failed', 'the server answers with something that is neither JSON nor a stream of events'),
      );
    try {
      if (this.#awaited.kind === 'response' && this.#awaited.method === 'initialize') {
        const opened = openSession(this.#context, headers['mcp-session-id']);
        this.#sessionId = opened.id;
        this.#context = { ...this.#context, session: opened.session };
        opened.session.ask(idKey(this.#awaited.id), { method: 'initialize' });
      }
    } catch (error) {
      return this.#fail(asCordonError(error));
    }
    if (!this.#isStream) return;
    exchange.stream = true;
    exchange.response.writeHead(200, { ...this.#headers(), 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    exchange.response.flushHeaders();
  }

  data(chunk: Buffer): boolean {
    if (this.#ended) return true;
    if (!this.#isStream) {
      this.#chunks.push(chunk);
      return true;
    }
    try {
      const events = this.#reader.push(chunk);
      if (events.length === 0) return true;
      this.#queue(events);
    } catch (error) {
      this.#fail(asCordonError(error));
    }
    return false;
  }

  end(): void {
    if (this.#ended) return;
    const work = this.#isStream ? this.#endStream() : this.#endWhole(Buffer.concat(this.#chunks));
    work.catch(this.#broke);
  }

  error(failure: CordonError): void {
    // Why after: what came before it was complete.
    void this.#work.finally(() => this.#fail(failure));
  }

  readonly #broke = (error: unknown): void => this.#fail(asCordonError(error));

  #queue(events: readonly McpEvent[]): void {
    this.#waiting++;
    this.#work = this.#work
      .then(async () => {
        for (const event of events) await this.#take(event);
      })
      .catch(this.#broke)
      .finally(() => {
        if (--this.#waiting === 0) this.#sending?.resume();
      });
  }

  async #take(event: McpEvent): Promise<void> {
    if (this.#ended) return;
    const message = eventMessage(event);
    this.#hasEventId ||= event.id !== undefined;
    if (event.id !== undefined) this.#context.session.events.add(event.id);
    if (message === null) return;
    const outer = outerEvent(this.#context, event);
    if (message === undefined) return this.#write(eventBytes(outer));
    const fate = await this.#judge(message);
    if (this.#ended || fate === 'dropped') return;
    await this.#write(eventBytes(outer, fate === 'changed' ? writeJson(message.body) : undefined));
    const { kind } = this.#awaited;
    if (kind === 'response' && message.kind === 'response') await this.#finish(this.#outcome, 200, this.#reason);
  }

  async #judge(message: RpcMessage): Promise<'same' | 'changed' | 'dropped'> {
    const awaited = this.#awaited.kind === 'response' ? this.#awaited : undefined;
    const { fate, decision, reply } = await judgeAnswer(this.#context, message, awaited?.id, awaited);
    if (decision !== undefined) {
      this.#context.exchange.decided('response', decision);
      this.#decision = graver(this.#decision, decision);
    }
    if (reply !== undefined) void replyToServer(this.#context, reply);
    const { outward } = this.#context;
    if (outward === undefined || fate === 'dropped') return fate;
    return outward.write(message) ? 'changed' : 'dropped';
  }

  async #endWhole(bytes: Buffer): Promise<void> {
    const { exchange, server, session, outward } = this.#context;
    const status = this.#status;
    if (outward !== undefined && status === 404 && session.upstreamId !== undefined) outward.lost();
    // Why no status: the session of the client is with the others as well.
    if (outward !== undefined && status >= 400) throw new CordonError('upstream.failed', `the server answers with status ${status}`);
    if (status === 404 && session.upstreamId !== undefined)
      exchange.services.mcp.sessions.forget(exchange.call.caller.principal.id, server.config.id, exchange.session ?? '');
    if (status >= 400) return this.#endRefused(status);
    if (this.#awaited.kind !== 'response') {
      const told = this.#awaited.kind === 'taken' ? 202 : status;
      if (this.#awaited.kind === 'ended')
        exchange.services.mcp.sessions.forget(exchange.call.caller.principal.id, server.config.id, exchange.session ?? '');
      return this.#finish('served', told, null, Buffer.alloc(0));
    }
    const message = messageOf(bytes);
    const fate = await this.#judge(message);
    if (fate === 'dropped') throw new CordonError('upstream.failed', 'the server answered something else than it was asked');
    await this.#finish(this.#outcome, 200, this.#reason, fate === 'same' ? bytes : Buffer.from(writeJson(message.body)));
  }

  /** A server that refuses: what it says in words stays here, clients go by the status. */
  async #endRefused(status: number): Promise<void> {
    const { kind } = this.#awaited;
    if (!PASSED.has(status)) throw new CordonError('upstream.failed', `the server answers with status ${status}`);
    const id = kind === 'response' ? this.#awaited.id : null;
    const code = status === 404 ? -32001 : rpcCode('upstream.failed');
    await this.#finish('failed', status, 'upstream.failed', rpcError(id, code, `the server answers with status ${status}`));
  }

  async #endStream(): Promise<void> {
    this.#reader.end();
    await this.#work;
    if (this.#ended) return;
    // Why not where events have ids: the client comes back for the rest.
    if (this.#awaited.kind === 'response' && !this.#hasEventId)
      throw new CordonError('upstream.failed', 'the server ended its answer before it was complete');
    await this.#finish(this.#outcome, 200, this.#reason);
  }

  get #outcome(): ExchangeOutcome {
    return this.#decision !== undefined && refuses(this.#decision) ? 'blocked' : 'served';
  }

  get #reason(): string | null {
    return this.#outcome === 'blocked' ? 'gateway.refused' : null;
  }

  async #write(bytes: Buffer): Promise<void> {
    const { exchange } = this.#context;
    if (this.#ended) return;
    exchange.answering(bytes);
    if (exchange.response.write(bytes)) return;
    await new Promise<void>((free) => {
      const done = (): void => {
        exchange.response.off('drain', done).off('close', done);
        free();
      };
      exchange.response.on('drain', done).on('close', done);
    });
  }

  /** Writes the record, then ends the answer. Why in this order: what was not written down must not look complete. */
  async #finish(outcome: ExchangeOutcome, status: number, reason: string | null, bytes?: Buffer): Promise<void> {
    if (this.#ended) return;
    const { exchange } = this.#context;
    this.#settle();
    if (bytes !== undefined && bytes.length > 0) exchange.answering(bytes);
    await exchange.finish(outcome, status, reason);
    this.#close();
    if (exchange.response.headersSent) exchange.response.end();
    else {
      const type = bytes === undefined || bytes.length === 0 ? {} : { 'content-type': 'application/json' };
      exchange.response.writeHead(status, { ...this.#headers(), ...type, 'content-length': bytes?.length ?? 0 }).end(bytes);
    }
  }

  #fail(failure: CordonError): void {
    if (this.#ended) return;
    const { exchange } = this.#context;
    this.#settle();
    this.#close();
    const id = this.#awaited.kind === 'response' ? this.#awaited.id : null;
    if (!exchange.response.headersSent)
      return void answerRpcError(exchange, failure, id, this.#awaited.kind === 'response').finally(this.#over);
    const end = (): void => {
      const told = id === null ? undefined : `data: ${rpcError(id, rpcCode(failure.code), failure.message, failure.code).toString()}\n\n`;
      exchange.response.end(told);
    };
    exchange.finish(outcomeOfError(failure.code), 200, failure.code).then(end, end);
  }

  #clientLeft(): void {
    if (this.#ended) return;
    this.#settle();
    this.#close();
    this.#context.exchange.finish('aborted', this.#context.exchange.response.statusCode, 'client').catch(() => undefined);
  }

  /** What the limits and the record are told. Why no tokens: nobody counts them here. */
  #settle(): void {
    const { exchange } = this.#context;
    exchange.usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, measured: true };
    if (this.#decision !== undefined) exchange.responseDecision = this.#decision;
  }

  #close(): void {
    this.#ended = true;
    this.#sending?.abort();
    const { session } = this.#context;
    if (this.#awaited.kind === 'response') session.live.delete(idKey(this.#awaited.id));
    else if (this.#awaited.kind === 'stream') session.streams--;
    this.#over();
  }

  #headers(): Record<string, string> {
    const { exchange } = this.#context;
    return {
      ...exchange.admission?.headers,
      ...(this.#sessionId !== undefined && { 'mcp-session-id': this.#sessionId }),
      'x-cordon-request-id': exchange.id,
    };
  }
}

/** Why: clients come back to all servers after the pause that one of them asks for. */
const MOST_RETRY_MS = 10_000;

/** An event as the client knows it. */
export function outerEvent({ outward }: McpContext, event: McpEvent): McpEvent {
  if (outward === undefined) return event;
  const retry = event.retry === undefined ? undefined : `${Math.min(Number(event.retry), MOST_RETRY_MS)}`;
  return { ...event, raw: undefined, retry, id: event.id === undefined || event.id === '' ? event.id : outward.eventId(event.id) };
}

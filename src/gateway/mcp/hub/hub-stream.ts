import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../../core/errors.ts';
import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { subjectOf } from '../../../engine/gateway/defence/stop.ts';
import type { McpServer } from '../../../engine/gateway/mcp/mcp-servers.ts';
import { asCordonError } from '../../http/error-reply.ts';
import { outcomeOfError } from '../../http/outcome.ts';
import { replyToServer } from '../ask-server.ts';
import { eventBytes, EventReader, type McpEvent } from '../event-reader.ts';
import { judgeAnswer } from '../judge-answer.ts';
import type { McpContext } from '../mcp-context.ts';
import { eventMessage, mediaType } from '../read-answer.ts';
import { withinSession } from '../upstream-headers.ts';
import { noteDecision } from './ask-part.ts';
import { contextOf, type HubCall, openPart, requireRunning, usableServers } from './open-part.ts';
import { eventId } from './tokens.ts';

const PAUSE = { first: 1_000, most: 30_000 } as const;
const LIST_CHANGED = ['tools', 'prompts', 'resources'].map((kind) => `notifications/${kind}/list_changed`);

/** How the stream of one server ended. */
type Ended = 'unsupported' | 'again';

/**
 * One stream to a client with what all servers say by themselves. Servers whose stream ends are asked again, and those that come back
 * are announced; the stream of the client goes on. `ids`: the last event that the client has of each. Settles when it is over.
 */
export async function streamHub(call: HubCall, ids: Readonly<Record<string, string>>): Promise<void> {
  const { exchange, session } = call;
  const { response } = exchange;
  const stream = new HubStream(call, ids);
  session.streams++;
  exchange.isWaiting = true;
  exchange.stream = true;
  exchange.cut = (error) => stream.end(error);
  response.once('close', () => stream.end(undefined));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-cordon-request-id': exchange.id });
  response.flushHeaders();
  try {
    await Promise.all(usableServers(exchange).map((server) => stream.follow(server)));
    // Why not the end: clients open the stream again as soon as it is closed.
    await stream.over;
  } finally {
    session.streams--;
    exchange.cut = undefined;
    exchange.usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, measured: true };
    const { reason } = stream;
    const outcome = reason === undefined ? 'aborted' : outcomeOfError(reason.code);
    await exchange.finish(outcome, 200, reason?.code ?? 'client').catch(() => undefined);
    response.end();
  }
}

class HubStream {
  readonly #call: HubCall;
  readonly #ids = new Map<string, string>();
  readonly #ending = new AbortController();
  /** End what is under way at the servers. */
  readonly #stops = new Set<() => void>();
  readonly over: Promise<void>;
  reason: CordonError | undefined;

  constructor(call: HubCall, ids: Readonly<Record<string, string>>) {
    this.#call = call;
    for (const [server, id] of Object.entries(ids)) this.#ids.set(server, id);
    this.over = new Promise((settled) => this.#ending.signal.addEventListener('abort', () => settled(), { once: true }));
  }

  end(reason: CordonError | undefined): void {
    if (this.#ending.signal.aborted) return;
    this.reason = reason;
    this.#ending.abort();
    for (const stop of this.#stops) stop();
  }

  /** Follows one server until the stream is over, or the server has none. */
  async follow(server: McpServer): Promise<void> {
    const { hub, exchange } = this.#call;
    const { id } = server.config;
    let pause: number = PAUSE.first;
    let wasThere = true;
    while (!this.#ending.signal.aborted) {
      try {
        requireRunning(exchange, server);
        wasThere &&= hub.parts.has(id);
        const part = await openPart(this.#call, server);
        if (!wasThere) await this.#announce();
        wasThere = true;
        const began = exchange.services.now();
        const ended = await this.#listen(contextOf(this.#call, server, part.session));
        if (ended === 'unsupported') return;
        if (exchange.services.now() - began > PAUSE.most) pause = PAUSE.first;
      } catch (error) {
        if (asCordonError(error).code === 'internal.bug')
          exchange.services.log.error({ error: String(error), server: id }, 'a stream failed');
      }
      await sleep(pause, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
      pause = Math.min(PAUSE.most, pause * 2);
    }
  }

  /** Tells the client that there may be more than before. */
  async #announce(): Promise<void> {
    for (const method of LIST_CHANGED) await this.#write(Buffer.from(`event: message\ndata: {"jsonrpc":"2.0","method":"${method}"}\n\n`));
  }

  #listen(context: McpContext): Promise<Ended> {
    const { server, session } = context;
    const known = this.#ids.get(server.config.id);
    // Why only such: a server goes on with whichever stream an event belongs to, also with somebody else's.
    const last = known !== undefined && session.events.has(known) ? known : undefined;
    const headers = withinSession({ accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) }, session);
    const reader = new EventReader();
    let work: Promise<void> = Promise.resolve();
    let stop: (() => void) | undefined;
    return new Promise<Ended>((settled, failed) => {
      stop = () => {
        sending.abort();
        settled('again');
      };
      const broken = (error: unknown): void => {
        sending.abort();
        failed(error as Error);
      };
      const sending = server.send(
        { method: 'GET', headers },
        {
          head: (status, head) => {
            if (status === 200 && mediaType(head['content-type']) === 'text/event-stream') return;
            sending.abort();
            if (status === 404 && session.upstreamId !== undefined) context.outward?.lost();
            settled(status === 405 ? 'unsupported' : 'again');
          },
          data: (chunk) => {
            let events: readonly McpEvent[];
            try {
              events = reader.push(chunk);
            } catch (error) {
              broken(error);
              return true;
            }
            if (events.length === 0) return true;
            work = work
              .then(async () => {
                for (const event of events) await this.#take(context, event);
              })
              .then(() => sending.resume(), broken);
            return false;
          },
          end: () => void work.then(() => settled('again')),
          error: () => void work.then(() => settled('again')),
        },
      );
      this.#stops.add(stop);
      if (this.#ending.signal.aborted) stop();
    }).finally(() => stop !== undefined && this.#stops.delete(stop));
  }

  async #take(context: McpContext, event: McpEvent): Promise<void> {
    const { exchange, server, outward } = context;
    if (this.#ending.signal.aborted) return;
    const { services, call, session } = exchange;
    if (services.switches.stopped(subjectOf({ ...call, route: `/mcp/${server.config.id}`, model: '' }, session)) !== undefined)
      throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
    const message = eventMessage(event);
    if (message === null) return;
    if (event.id !== undefined && event.id !== '') {
      context.session.events.add(event.id);
      this.#ids.set(server.config.id, event.id);
    }
    const id = event.id === undefined ? undefined : eventId({ server: undefined, ids: Object.fromEntries(this.#ids) });
    // Why no pause: the stream of the client goes on, whatever one server wants.
    const outer = { ...event, raw: undefined, retry: undefined, id };
    if (message === undefined) return this.#write(eventBytes(outer));
    const { fate, decision, reply } = await judgeAnswer(context, message, undefined);
    if (decision !== undefined) noteDecision(exchange, 'response', decision);
    if (reply !== undefined) void replyToServer(context, reply);
    if (fate === 'dropped') return;
    if (outward?.write(message) === false) return;
    await this.#write(eventBytes(outer, writeJson(message.body)));
  }

  async #write(bytes: Buffer): Promise<void> {
    const { exchange } = this.#call;
    if (this.#ending.signal.aborted) return;
    exchange.answering(bytes);
    if (exchange.response.write(bytes)) return;
    await Promise.race([this.over, new Promise<void>((free) => exchange.response.once('drain', free))]);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { CordonError, errorMessage } from '../core/errors.ts';
import { MemberList } from '../core/member-list.ts';
import { type AfterChanges, afterChanges } from './exchange/after-changes.ts';
import { cutRevoked, LASTING_MS } from './exchange/cut-revoked.ts';
import { Exchange, type ExchangeRoute } from './exchange/exchange.ts';
import { identifyCaller } from './exchange/identify-caller.ts';
import { stopOf } from './exchange/require-going.ts';
import { runExchange } from './exchange/run-exchange.ts';
import { requirePlainHead } from './http/plain-head.ts';
import { asCordonError, errorReply } from './http/error-reply.ts';
import { outcomeOfError } from './http/outcome.ts';
import { handleMcp } from './mcp/handle-mcp.ts';
import { answerMetadata, METADATA_PATH } from './mcp/resource-metadata.ts';
import { listModels } from './openai/list-models.ts';
import { TEXT_ROUTES } from './routes.ts';
import { type StoredRoute, storedRoute } from './stored-routes.ts';
import type { GatewayServices } from './services.ts';

const PREFIX = /^\/(?:v1|anthropic|mcp|\.well-known\/oauth-protected-resource)(?:[/?]|$)/;

/** Why one name for all others: clients make them up, and names of routes are kept in records and metrics. */
const UNLISTED = '(unlisted)';

/** The gateway to models: everything below `/v1`, `/anthropic` and `/mcp`. */
export class Gateway {
  readonly #services: GatewayServices;
  readonly #live = new MemberList<Exchange>();
  readonly #forgetStops: () => void;
  readonly #forgetChanges: () => void;
  #isEnding = false;
  readonly #looks: AfterChanges;

  constructor(services: GatewayServices) {
    this.#services = services;
    this.#forgetStops = services.switches.onStop(() => this.#cutStopped());
    let changedAt = 0;
    this.#looks = afterChanges(() => cutRevoked(this.#live.all(), services.now(), changedAt), LASTING_MS);
    this.#forgetChanges = services.callers.onChange(() => {
      changedAt = services.now();
      this.#looks.changed();
    });
  }

  /** Whether the gateway answers requests to this address. */
  handles(url: string): boolean {
    return PREFIX.test(url);
  }

  /** Exchanges under way. */
  get live(): number {
    return this.#live.size;
  }

  /** Answers a request. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    // Why the path as it came: whoever decides about it and whoever serves it must see the same.
    const path = (request.url ?? '').split('?', 1)[0]!;
    const family = path.startsWith('/anthropic') ? 'anthropic' : path.startsWith('/mcp') ? 'mcp' : 'openai';
    const text = TEXT_ROUTES.get(path);
    const stored = text === undefined ? storedRoute(request.method, path) : undefined;
    const route: ExchangeRoute = { pattern: text?.pattern ?? stored?.pattern ?? (this.#isListed(path) ? path : UNLISTED), family };
    const exchange = new Exchange(this.#services, route, request, response);
    this.#live.add(exchange);
    response.once('close', () => this.#live.delete(exchange));
    this.#run(exchange, path, stored).catch((error: unknown) => this.#fail(exchange, error));
  }

  /** Ends streams that are open only for what may still come: nobody who goes down waits for them. */
  endStreams(): void {
    this.#isEnding = true;
    for (const { isWaiting, cut, response, request } of this.#live.all()) {
      if (!isWaiting) continue;
      // Why the connection too: clients would open the stream again on it.
      response.once('finish', () => request.socket.destroySoon());
      cut?.(new CordonError('gateway.unavailable', 'The gateway is going down.'));
    }
  }

  /** Cuts what is still under way. */
  close(): void {
    this.#forgetStops();
    this.#forgetChanges();
    this.#looks.close();
    for (const exchange of this.#live.all()) exchange.cut?.(new CordonError('gateway.unavailable', 'The gateway is going down.'));
  }

  async #run(exchange: Exchange, path: string, stored: StoredRoute | undefined): Promise<void> {
    const { method } = exchange.request;
    requirePlainHead(exchange.request);
    const text = TEXT_ROUTES.get(path);
    if (text !== undefined) {
      if (method !== 'POST') throw new CordonError('request.invalid', `${path} is asked by POST.`);
      return runExchange(exchange, text.protocol);
    }
    if (stored !== undefined) return stored.run(exchange);
    if (this.#isEnding) {
      exchange.response.shouldKeepAlive = false;
      if (exchange.route.family === 'mcp' && method === 'GET') throw new CordonError('gateway.unavailable', 'The gateway is going down.');
    }
    if (exchange.route.family === 'mcp') return handleMcp(exchange, path);
    if (path.startsWith(METADATA_PATH) && method === 'GET') return answerMetadata(exchange, path);
    await identifyCaller(exchange);
    if (path === '/v1/models' && method === 'GET') return listModels(exchange);
    throw new CordonError('file.missing', 'There is nothing at this address.');
  }

  /** Addresses that are no pattern, and yet few: a server that is not configured has none. */
  #isListed(path: string): boolean {
    return (
      path === '/v1/models' || path === '/mcp' || (path.startsWith('/mcp/') && this.#services.mcp.servers.find(path.slice(5)) !== undefined)
    );
  }

  /** Why after the fact: a stop counts for calls under way as well. */
  #cutStopped(): void {
    for (const exchange of this.#live.all()) {
      if (exchange.caller === undefined || exchange.cut === undefined) continue;
      if (stopOf(exchange) === undefined) continue;
      exchange.cut(new CordonError('gateway.stopped', 'This was stopped by an operator.'));
    }
  }

  #fail(exchange: Exchange, cause: unknown): void {
    const error = asCordonError(cause);
    const { response, request, id, route, admission } = exchange;
    if (error.code === 'internal.bug') this.#services.log.error({ error: errorMessage(cause), route: route.pattern }, 'a request failed');
    const { status, body } = errorReply(route.family === 'anthropic' ? 'anthropic' : 'openai', error, id);
    const outcome = outcomeOfError(error.code);
    const answer = (): void => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      response.writeHead(status, {
        ...admission?.headers,
        'content-type': 'application/json',
        'content-length': body.length,
        'x-request-id': id,
        'x-cordon-request-id': id,
      });
      response.end(body);
      // Why: what was not read of the body would be taken for the next request.
      if (!request.complete) request.unpipe().resume();
    };
    exchange.answering(body);
    exchange.finish(outcome, status, error.code).then(answer, answer);
  }
}

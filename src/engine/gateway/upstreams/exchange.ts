import type { Pool } from 'undici';
import { CordonError } from '../../../core/errors.ts';
import type { Member } from '../../../core/member-list.ts';
import type { Resilience } from '../../../core/gateway-model-config.ts';
import { Attempt, type AttemptContext, type AttemptOwner } from './attempt.ts';
import { chooseTarget, ejectOutlier } from './balance.ts';
import type { HeaderList } from './credentials/credential.ts';
import { type Failure, upstreamError } from './failure.ts';
import { noteNotBegun } from './not-begun.ts';
import { requestHeaders } from './request-headers.ts';
import { isPlainPath } from './plain-path.ts';
import { type Route, type Routes, type RouteTarget, targetFor } from './route.ts';
import {
  needsTranslation,
  type Sending,
  type Sink,
  type Streamed,
  type Target,
  type UpstreamProtocol,
  type UpstreamRequest,
} from './upstreams.ts';

/** Why: whatever chains of fallbacks are configured, one request of a client is not multiplied beyond this. */
const MOST_ATTEMPTS = 12;
/** First pause before the same target is asked again; it doubles. Milliseconds. */
const FIRST_PAUSE_MS = 100;

export interface ExchangeContext extends AttemptContext {
  readonly rules: Resilience;
  readonly routes: Routes;
  readonly random: () => number;
  /** Called once, when nothing of the exchange is under way any more. */
  readonly done: (exchange: Exchange) => void;
}

/** One request of a client: attempts, one after the other, until one of them answers or none is left. */
export class Exchange implements Sending, AttemptOwner, Member {
  attempts = 0;
  place = -1;
  readonly #model: string;
  readonly #request: UpstreamRequest;
  readonly #sink: Sink;
  readonly #context: ExchangeContext;
  readonly #tried = new Set<RouteTarget>();
  #current: Attempt | undefined;
  #route: Route;
  /** Name that targets without a name of their own are asked for. */
  #name: string;
  #attemptsOfRoute = 0;
  #fallbacks: string[];
  readonly #visited = new Set<string>();
  #body: { readonly target: Target; readonly bytes: Buffer | Streamed } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasHead = false;
  #isDone = false;
  #isAborted = false;

  constructor(model: string, route: Route, request: UpstreamRequest, sink: Sink, context: ExchangeContext) {
    this.#model = this.#name = model;
    this.#route = route;
    this.#request = request;
    this.#sink = sink;
    this.#context = context;
    this.#fallbacks = [...route.fallback];
    this.#visited.add(route.name);
  }

  get protocol(): UpstreamProtocol {
    return this.#request.protocol;
  }

  get maxResponseBytes(): number | undefined {
    return this.#request.maxResponseBytes;
  }

  start(): void {
    if (!isPlainPath(this.#request.path)) return this.#give(new CordonError('request.invalid', 'the path of the request is not valid'));
    const first = this.#choose(this.#route, this.#name, false) ?? this.#fromFallback();
    if (first === undefined) this.#give(this.#nobody());
    else this.#launch(first);
  }

  resume(): void {
    this.#current?.resume();
  }

  abort(): void {
    this.#isAborted = true;
    if (this.#isDone) return;
    this.#finish();
    this.#current?.abort();
  }

  retries(attempt: Attempt, failure: Failure): boolean {
    if (failure.isFault) ejectOutlier(this.#route, attempt.to, performance.now(), this.#context.rules);
    if (this.#isDone || this.#hasHead || attempt !== this.#current) return false;
    if (this.attempts >= MOST_ATTEMPTS || !this.#isSafe(failure)) return false;
    const isAllowed = this.#attemptsOfRoute <= this.#route.config.retries;
    const other = isAllowed ? this.#choose(this.#route, this.#name, true) : undefined;
    if (other !== undefined) return this.#later(other, 0);
    if (isAllowed && failure.isTransient) {
      const pause = FIRST_PAUSE_MS * 2 ** (this.#attemptsOfRoute - 1) * (0.5 + this.#context.random() / 2);
      const wait = failure.retryAfterMs ?? Math.min(pause, this.#context.rules.maxWaitMs);
      const again = wait <= this.#context.rules.maxWaitMs ? this.#choose(this.#route, this.#name, false) : undefined;
      if (again !== undefined && again.upstream.budget.withdraw()) return this.#later(again, wait);
    }
    const fallback = this.#fromFallback();
    return fallback !== undefined && this.#later(fallback, 0);
  }

  head(attempt: Attempt, status: number, headers: Record<string, string>): void {
    if (this.#isDone) return;
    this.#hasHead = true;
    this.#sink.head(status, headers, attempt.target);
  }

  data(chunk: Buffer): boolean {
    return this.#isDone || this.#sink.data(chunk);
  }

  end(): void {
    if (this.#isDone) return;
    this.#finish();
    this.#sink.end();
  }

  fail({ error, wasSent, status = 0 }: Failure): void {
    if (!wasSent || status >= 400) noteNotBegun(error);
    this.#give(error);
  }

  /** Whether another attempt can do no harm. An answer that says that nothing was done is as good as none. */
  #isSafe({ wasSent, status }: Failure): boolean {
    if (!wasSent || this.#request.idempotent) return true;
    return status === 429 || status === 503 || status === 529 || status === 401 || status === 403;
  }

  #choose(route: Route, name: string, isNew: boolean): RouteTarget | undefined {
    return chooseTarget(route, {
      now: performance.now(),
      random: this.#context.random,
      fits: (to) => !(isNew && this.#tried.has(to)) && this.#pathFor(targetFor(to, name)) !== undefined,
    });
  }

  /** The first target of a model further down the chain; each model is visited once. */
  #fromFallback(): RouteTarget | undefined {
    for (let name = this.#fallbacks.shift(); name !== undefined; name = this.#fallbacks.shift()) {
      const route = this.#context.routes.find(name);
      if (route === undefined || this.#visited.has(route.name)) continue;
      this.#visited.add(route.name);
      this.#fallbacks.push(...route.fallback);
      const to = this.#choose(route, name, false);
      if (to === undefined) continue;
      this.#route = route;
      this.#name = name;
      this.#attemptsOfRoute = 0;
      return to;
    }
    return undefined;
  }

  #later(to: RouteTarget, waitMs: number): true {
    const launch = (): void => {
      if (this.#isDone) return;
      // Meanwhile another request may have taken its place, or shown that it fails.
      const isStill = !to.upstream.isFull && to.health.admits(performance.now());
      const best = isStill ? to : (this.#choose(this.#route, this.#name, false) ?? this.#fromFallback());
      if (best === undefined) this.#give(noteNotBegun(this.#nobody()));
      else this.#launch(best);
    };
    // Why never at once: the attempt that failed is still being told so.
    if (waitMs === 0) queueMicrotask(launch);
    else this.#timer = setTimeout(launch, waitMs);
    return true;
  }

  #launch(to: RouteTarget): void {
    const { upstream } = to;
    this.attempts++;
    this.#attemptsOfRoute++;
    if (!this.#tried.has(to)) upstream.budget.deposit();
    this.#tried.add(to);
    const attempt = (this.#current = new Attempt(to, targetFor(to, this.#name), this, this.#context));
    const credential = upstream.provider.credential.current();
    const { pool } = upstream;
    if (credential !== undefined && pool !== undefined) return this.#dispatch(attempt, credential, pool);
    const opened = Promise.all([credential ?? upstream.provider.credential.renew(), pool ?? upstream.connections()]);
    opened.then(
      ([headers, connections]) => this.#dispatch(attempt, headers, connections),
      () => attempt.refuse({ error: upstreamError(upstream.id, 'its credential or certificate cannot be had'), ...NOT_SENT }),
    );
  }

  #dispatch(attempt: Attempt, credential: HeaderList, pool: Pool): void {
    if (this.#isDone) return;
    try {
      const { upstream } = attempt.to;
      const { method } = this.#request;
      const outgoing = upstream.provider.outgoing(
        this.#request,
        attempt.target,
        this.#pathFor(attempt.target) ?? '/',
        this.#bodyFor(attempt.target),
      );
      attempt.dispatch(pool, method, outgoing, requestHeaders(upstream, this.#request, attempt.target, outgoing, credential));
    } catch (error) {
      // What cannot be asked of this target: the request is not what the protocol, or the provider, knows.
      const refusal =
        error instanceof CordonError ? error : new CordonError('internal.bug', 'the request cannot be made', { cause: error });
      attempt.refuse({ error: refusal, wasSent: false, isTransient: false, isFault: false });
    }
  }

  /** Undefined: the target cannot be asked. */
  #pathFor(target: Target): string | undefined {
    if (!needsTranslation(this.#request, target)) return this.#request.path;
    const path = this.#request.translatedPath?.(target);
    return path !== undefined && isPlainPath(path) ? path : undefined;
  }

  #bodyFor(target: Target): Buffer | Streamed {
    if (this.#body === undefined || !isSame(this.#body.target, target)) this.#body = { target, bytes: this.#request.body(target) };
    return this.#body.bytes;
  }

  #nobody(): CordonError {
    if (!this.#route.targets.some((to) => this.#pathFor(targetFor(to, this.#name)) !== undefined))
      return new CordonError('request.invalid', `the model ${this.#model} is not offered under this path`);
    return new CordonError('gateway.unavailable', `no upstream can take a request for the model ${this.#model} now`);
  }

  #give(error: CordonError): void {
    if (this.#isDone) return;
    const hadHead = this.#hasHead;
    this.#finish();
    // Why not at once: whoever sends does not have what `send` returns yet.
    if (hadHead) this.#sink.error(error, true);
    else
      queueMicrotask(() => {
        if (!this.#isAborted) this.#sink.error(error, false);
      });
  }

  #finish(): void {
    this.#isDone = true;
    clearTimeout(this.#timer);
    this.#context.done(this);
  }
}

const NOT_SENT = { wasSent: false, isTransient: false, isFault: true } as const;

function isSame(a: Target, b: Target): boolean {
  return a === b || (a.upstream === b.upstream && a.model === b.model);
}

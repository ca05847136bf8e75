import type { CordonError } from '../../../core/errors.ts';
import type { GatewayModel, UpstreamsConfig } from '../../../core/gateway-model-config.ts';
import type { UpstreamKind } from '../../../core/gateway-upstream-config.ts';
import type { Logger } from '../../../core/logger.ts';

/** Protocols that providers speak, and requests are made in. */
export type UpstreamProtocol = 'openai' | 'anthropic';

/** Whom a request is sent to, and under which name the model is known there. */
export interface Target {
  /** Id of the upstream. */
  readonly upstream: string;
  readonly kind: UpstreamKind;
  readonly model: string;
  readonly protocol: UpstreamProtocol;
  /** It speaks as OpenAI does, and knows no `/responses`. */
  readonly lacksResponses?: true;
}

/** Whether a target takes a request only in other words than those it was made in. */
export function needsTranslation(
  { protocol, path }: Pick<UpstreamRequest, 'protocol' | 'path'>,
  target: Pick<Target, 'protocol' | 'lacksResponses'>,
): boolean {
  return target.protocol !== protocol || (target.lacksResponses === true && /^\/responses(?:\/|$)/.test(path));
}

/** Bytes that are read piece by piece, as often as they are needed. */
export interface Streamed {
  readonly length: number;
  open(): AsyncIterable<Buffer>;
}

/** A request on its way to a provider. */
export interface UpstreamRequest {
  readonly protocol: UpstreamProtocol;
  /** Below `/v1` in either protocol, such as `/chat/completions` or `/messages`; a query may follow. */
  readonly path: string;
  /** Path for a target that needs a translation, which `body` makes; without one it is left out. */
  readonly translatedPath?: ((target: Target) => string | undefined) | undefined;
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH' | 'HEAD';
  /** In lower case, filtered: never the client's credentials, its host or its connection. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body for a target; empty for none. Called once for each attempt against another target. */
  readonly body: (target: Target) => Buffer | Streamed;
  /** Bytes that the answer may have at most; default: what is configured for the upstream. */
  readonly maxResponseBytes?: number | undefined;
  /** Whether a second attempt does no harm when nobody knows what became of the first. */
  readonly idempotent: boolean;
  readonly stream: boolean;
}

/**
 * Who takes the answer. `head` comes once and with the first byte of the body, so that nothing was said before a retry is out of the
 * question; then `data`, and at the end either `end` or `error`. After `Sending.abort` nothing is called any more.
 */
export interface Sink {
  head(status: number, headers: Readonly<Record<string, string>>, target: Target): void;
  /** False: no more until {@link Sending.resume}. */
  data(chunk: Buffer): boolean;
  end(): void;
  error(error: CordonError, sentHead: boolean): void;
}

/** A request under way. */
export interface Sending {
  /** More data is welcome. */
  resume(): void;
  /** Ends it at once and closes its connection. */
  abort(reason?: string): void;
  /** Attempts so far. */
  readonly attempts: number;
}

/** State of a target, as the balancer sees it. */
export interface TargetHealth {
  readonly upstream: string;
  /** Name of the model there; `*` for whatever clients ask for. */
  readonly model: string;
  readonly state: 'closed' | 'open' | 'half-open' | 'ejected';
  /** Milliseconds until it is tried again; 0 unless open or ejected. */
  readonly retryInMs: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Peak-sensitive moving average of the time to the first byte. */
  readonly latencyMs: number;
  readonly requests: number;
  readonly failures: number;
}

/** State of an upstream. */
export interface UpstreamHealth {
  readonly id: string;
  readonly kind: UpstreamKind;
  readonly inFlight: number;
  readonly connections: number;
  /** Why it cannot be used at all, such as a missing credential. */
  readonly problem?: string | undefined;
  readonly retries: number;
  readonly retriesDenied: number;
  readonly targets: readonly TargetHealth[];
}

/** The way to all providers. */
export interface Upstreams {
  /** Sends at once where credentials are at hand. Errors come to the sink, also those about the model. */
  send(model: string, request: UpstreamRequest, sink: Sink): Sending;
  /** Sends to one upstream, for what has no model, such as files and batches. Why not by a name of a model: clients choose those. */
  sendTo(upstream: string, request: UpstreamRequest, sink: Sink): Sending;
  /** Everything a model may be served by, fallbacks included, in order; undefined: there is no such model. */
  targetsOf(model: string): readonly Target[] | undefined;
  /** What the configuration says of a model; undefined: there is no such model. */
  routeOf(model: string): GatewayModel | undefined;
  /** Names that clients may be told of; patterns left out. */
  models(): readonly string[];
  /** Upstreams that are asked for whatever name of a pattern the client wrote, by their ids. */
  openUpstreams(): readonly string[];
  health(): readonly UpstreamHealth[];
  /** Takes another configuration over at once. Requests under way end as they began. */
  reconfigure(config: UpstreamsConfig): void;
  /** Waits for requests under way for a bounded time, then closes every connection. */
  close(): Promise<void>;
}

/** Where credentials come from: what `openSecrets` returns. */
export interface SecretReader {
  get(reference: string): Promise<string>;
  watch(reference: string, changed: (value: string) => void): () => void;
}

/** What sending needs. */
export interface UpstreamsOptions {
  readonly config: UpstreamsConfig;
  readonly secrets: SecretReader;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Between 0 and 1. For tests. */
  readonly random?: () => number;
  /** How long `close` waits for requests under way. Default: 10 seconds. */
  readonly drainMs?: number;
}

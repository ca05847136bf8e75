import type { Pool } from 'undici';
import { errorMessage } from '../../../core/errors.ts';
import type { Resilience } from '../../../core/gateway-model-config.ts';
import type { GatewayUpstream } from '../../../core/gateway-upstream-config.ts';
import type { Logger } from '../../../core/logger.ts';
import { checkOrigin, connectTo } from './connect.ts';
import { upstreamError } from './failure.ts';
import { Health } from './health.ts';
import { openProvider } from './providers/open-provider.ts';
import type { Provider } from './providers/provider.ts';
import { RetryBudget } from './retry-budget.ts';
import type { SecretReader, UpstreamHealth } from './upstreams.ts';

export interface OpenUpstreamOptions {
  readonly config: GatewayUpstream;
  readonly rules: Resilience;
  readonly secrets: SecretReader;
  readonly log: Logger;
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** One upstream while it is in use: its connections, its credential, what is known of its targets. */
export class Upstream {
  readonly id: string;
  readonly config: GatewayUpstream;
  readonly provider: Provider;
  readonly budget: RetryBudget;
  /** Headers of every request, names and values one after the other. */
  readonly headers: readonly string[];
  /** Requests under way. */
  inFlight = 0;
  problem: string | undefined;
  /** Connections; undefined until the certificates are read. */
  pool: Pool | undefined;
  readonly #origin: URL;
  readonly #options: OpenUpstreamOptions;
  readonly #health = new Map<string, Health>();
  readonly #stops: (() => void)[] = [];
  #opening: Promise<Pool> | undefined;
  #isClosed = false;

  constructor(options: OpenUpstreamOptions) {
    const { config, rules, secrets } = options;
    this.#options = options;
    this.id = config.id;
    this.config = config;
    this.provider = openProvider(config, secrets, options.now);
    try {
      this.#origin = new URL(checkOrigin(this.provider.url, config).origin);
    } catch (error) {
      this.provider.credential.close();
      throw error;
    }
    this.budget = new RetryBudget(rules.retryRatio, rules.retryBurst);
    this.headers = ['user-agent', 'cordon', 'accept-encoding', 'identity', ...Object.entries(config.headers).flat()];
    if (config.tls === undefined) this.pool = connectTo(this.#origin, config);
    else this.#watchCertificates(config.tls);
    // Read ahead, so that the first request finds them and the operator learns early what is missing.
    if (this.provider.credential.current() === undefined) void this.provider.credential.renew().then(this.#isFine, this.#isMissing);
    if (this.pool === undefined) void this.connections().then(this.#isFine, this.#isMissing);
  }

  /** What is known of a model there; `*` for those that are not named in the configuration. */
  healthOf(model: string | undefined): Health {
    const name = model ?? '*';
    let found = this.#health.get(name);
    if (found !== undefined) return found;
    const { rules, random, log } = this.#options;
    found = new Health(rules, random, (state) => {
      const fields = { upstream: this.id, model: name };
      if (state === 'closed') log.info(fields, 'the target answers again');
      else
        log.warn(
          fields,
          state === 'open'
            ? 'the target fails and is not used for a while'
            : 'the target fails more than its peers and is not used for a while',
        );
    });
    this.#health.set(name, found);
    return found;
  }

  get isFull(): boolean {
    return this.inFlight >= this.config.connections;
  }

  /** Connections, once the certificates are read. Throws `secret.*` and `upstream.failed`. */
  connections(): Promise<Pool> {
    return (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)));
  }

  health(now: number): UpstreamHealth {
    return {
      id: this.id,
      kind: this.config.kind,
      inFlight: this.inFlight,
      connections: this.pool?.stats.connected ?? 0,
      ...(this.problem !== undefined && { problem: this.problem }),
      retries: this.budget.granted,
      retriesDenied: this.budget.denied,
      targets: [...this.#health].map(([model, health]) => ({
        upstream: this.id,
        model,
        state: health.state(now),
        retryInMs: Math.round(health.retryInMs(now)),
        inFlight: health.inFlight,
        latencyMs: Math.round(health.latencyMs * 10) / 10,
        requests: health.requests,
        failures: health.failures,
      })),
    };
  }

  /** Ends what is idle now, and everything else when it is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.provider.credential.close();
    await this.pool?.close();
  }

  /** Ends everything. */
  async destroy(): Promise<void> {
    await this.pool?.destroy();
  }

  async #open(): Promise<Pool> {
    if (this.pool !== undefined) return this.pool;
    const { tls } = this.config;
    const { secrets } = this.#options;
    const read = async (reference: string | undefined): Promise<string | undefined> =>
      reference === undefined ? undefined : secrets.get(reference);
    const [ca, certificate, key] = await Promise.all([read(tls?.ca), read(tls?.certificate), read(tls?.key)]);
    if (this.#isClosed) throw upstreamError(this.id, 'it is not used any more');
    try {
      return (this.pool = connectTo(this.#origin, this.config, { ca, certificate, key }));
    } catch {
      // Why without the reason: it may quote the key.
      throw upstreamError(this.id, 'its certificates cannot be read');
    }
  }

  /** New certificates mean new connections; requests under way end on the old ones. */
  #watchCertificates(tls: NonNullable<GatewayUpstream['tls']>): void {
    for (const reference of [tls.ca, tls.certificate, tls.key]) {
      if (reference === undefined) continue;
      const renew = (): void => {
        const old = this.pool;
        if (old === undefined) return;
        this.pool = undefined;
        void old.close();
      };
      this.#stops.push(this.#options.secrets.watch(reference, renew));
    }
  }

  readonly #isFine = (): void => {
    this.problem = undefined;
  };

  readonly #isMissing = (error: unknown): void => {
    if (this.#isClosed) return;
    this.problem = errorMessage(error);
    this.#options.log.error({ upstream: this.id, reason: this.problem }, 'the upstream cannot be used');
  };
}

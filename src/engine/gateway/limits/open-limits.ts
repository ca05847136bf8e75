import { CordonError } from '../../../core/errors.ts';
import { SILENT, type Logger } from '../../../core/logger.ts';
import type { LimitsConfig, LimitsSharing } from '../../../core/gateway-limits-config.ts';
import { newId } from '../../../store/ids.ts';
import type { Store } from '../../../store/open-store.ts';
import { openSecrets, type Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { Call } from '../call.ts';
import { admitCall, type Desk } from './admission.ts';
import { Counters } from './counters.ts';
import { DatabaseLeaseStore } from './database-lease-store.ts';
import { LeaseClient } from './lease-client.ts';
import type { LeaseStore } from './lease-store.ts';
import type { Admission, Asked, Limits, LimitsEvent, SharingState, Spending } from './limits.ts';
import { Planner } from './planner.ts';

const DATABASE_TICK_MS = 250;
const DATABASE_TIMEOUT_MS = 5_000;
const REDIS_TICK_MS = 200;
/** Why not less: where cores have more to do than they can, an answer of a healthy Redis takes this long, and parts are worse than the whole. */
const REDIS_TIMEOUT_MS = 250;

/** What limits need. */
export interface LimitsOptions {
  readonly config: LimitsConfig;
  /** Budgets and long windows are kept here, and everything that several workers of one machine share. */
  readonly store: Store;
  readonly log?: Logger;
  /** Processes of this server; more than one share their counters. */
  readonly workers?: number;
  readonly onEvent?: (event: LimitsEvent) => void;
  /** Where the password of Redis comes from; default: places that need no configuration, such as the environment. */
  readonly secrets?: Pick<Secrets, 'get' | 'watch'>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Opens the limits of the gateway. Waits two seconds for Redis at most: until it answers, each process keeps to its part. */
export async function openLimits(options: LimitsOptions): Promise<Limits> {
  const { config, store, log = SILENT, workers = 1, onEvent = () => undefined, now = Date.now } = options;
  const { sharing } = config;
  const kind = sharing.store === 'auto' ? (workers > 1 ? 'database' : 'memory') : sharing.store;
  const holder = newId();
  const common = { holder, lost: sharing.lost, now, log, onEvent };
  const durable = new LeaseClient({
    ...common,
    store: new DatabaseLeaseStore(store, now),
    kind: 'database',
    timeoutMs: DATABASE_TIMEOUT_MS,
    tickMs: DATABASE_TICK_MS,
    heartbeat: kind !== 'memory',
    replicas: sharing.replicas ?? workers,
  });
  const redis =
    kind === 'redis'
      ? new LeaseClient({
          ...common,
          store: await openRedis(sharing, options.secrets ?? openSecrets({ log })),
          kind: 'redis',
          timeoutMs: sharing.redis?.timeoutMs ?? REDIS_TIMEOUT_MS,
          tickMs: REDIS_TICK_MS,
          heartbeat: true,
          replicas: sharing.replicas,
        })
      : undefined;
  await redis?.greet();
  if (kind === 'database') await durable.greet();
  const counters = new Counters({ store: kind, durable, redis, holder, now, onEvent }, config);
  return new OpenLimits({ config, kind, workers, durable, redis, counters, log, onEvent, now });
}

async function openRedis(sharing: LimitsSharing, secrets: Pick<Secrets, 'get' | 'watch'>): Promise<LeaseStore> {
  if (sharing.redis === undefined)
    throw new CordonError('config.invalid', 'gateway.limits.sharing.redis: the store redis needs its address');
  const [{ RedisLeaseStore }, { connectRedis }] = await Promise.all([import('./redis-lease-store.ts'), import('./redis-connection.ts')]);
  return new RedisLeaseStore(sharing.redis, await connectRedis(sharing.redis, secrets));
}

interface Parts {
  readonly config: LimitsConfig;
  readonly kind: Exclude<LimitsSharing['store'], 'auto'>;
  readonly workers: number;
  readonly durable: LeaseClient;
  readonly redis: LeaseClient | undefined;
  readonly counters: Counters;
  readonly log: Logger;
  readonly onEvent: (event: LimitsEvent) => void;
  readonly now: () => number;
}

class OpenLimits implements Limits {
  readonly #parts: Parts;
  readonly #planner: Planner;
  #config: LimitsConfig;
  #desk: Desk;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#config = parts.config;
    this.#planner = new Planner(parts.counters, parts.config);
    this.#desk = this.#newDesk(parts.config);
  }

  admit(call: Call, asked: Asked): Admission | Promise<Admission> {
    return admitCall(this.#desk, call, asked, this.#planner.steps(call, asked.session, this.#parts.now()));
  }

  reconfigure(config: LimitsConfig): void {
    if (JSON.stringify(config.sharing) !== JSON.stringify(this.#config.sharing)) {
      this.#parts.log.warn({}, 'gateway.limits.sharing is read when the server starts; the change waits for a restart');
    }
    this.#config = config;
    this.#desk = this.#newDesk(config);
    this.#parts.counters.configure(config);
    this.#planner.configure(config);
  }

  sharing(): readonly SharingState[] {
    const { kind, durable, redis } = this.#parts;
    if (kind === 'memory') return [{ ...durable.sharing(), store: 'memory', replicas: 1 }];
    return redis === undefined ? [durable.sharing()] : [redis.sharing(), durable.sharing()];
  }

  async spending(): Promise<readonly Spending[]> {
    const pools = await this.#parts.durable.store.spending();
    return pools.flatMap(({ pool, spent, held }) => {
      const [rule, , , period, ...subject] = pool.split('/');
      return rule === undefined || period === undefined ? [] : [{ rule, period, subject: subject.join('/'), spent, held }];
    });
  }

  async close(): Promise<void> {
    this.#parts.counters.close();
    await this.#parts.redis?.close();
    await this.#parts.durable.close();
  }

  #newDesk({ unpriced }: LimitsConfig): Desk {
    const { now, onEvent } = this.#parts;
    return { now, onEvent, unpriced, waitMs: this.#config.sharing.waitMs };
  }
}

import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LimitsRedis } from '../../../core/gateway-limits-config.ts';
import type { Ask, Exchange, LeaseStore, PoolSpending } from './lease-store.ts';
import type { RedisConnection } from './redis-connection.ts';
import { EXCHANGE_SCRIPT } from './redis-script.ts';

const SCRIPT = { text: EXCHANGE_SCRIPT, sha1: createHash('sha1').update(EXCHANGE_SCRIPT).digest('hex') };

const Answer = z.tuple([z.string(), z.int(), z.int(), z.string()]);
const Grants = z.union([z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])), z.strictObject({})]);

/** Counters that replicas share in Redis. */
export class RedisLeaseStore implements LeaseStore {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  constructor({ prefix }: Pick<LimitsRedis, 'prefix'>, connection: RedisConnection) {
    // Why braces: in a cluster, all keys of a script must be in one slot.
    this.#prefix = `{${prefix}}`;
    this.#connection = connection;
  }

  async exchange(holder: string, asks: readonly Ask[]): Promise<Exchange> {
    const keys = [`${this.#prefix}:epoch`, `${this.#prefix}:replicas`, ...asks.map(({ pool }) => `${this.#prefix}:${pool}`)];
    const answer = await this.#connection.run(SCRIPT, keys, [holder, JSON.stringify(asks), randomUUID()]);
    const [epoch, replicas, now, text] = Answer.parse(answer);
    const grants = Grants.parse(JSON.parse(text));
    if (!Array.isArray(grants)) return { grants: [], replicas, now, epoch };
    return {
      grants: grants.map(([granted, remaining, retryAfterMs, slot]) => ({ granted, remaining, retryAfterMs, slot })),
      replicas,
      now,
      epoch,
    };
  }

  /** Money is counted in the database. */
  async spending(): Promise<readonly PoolSpending[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

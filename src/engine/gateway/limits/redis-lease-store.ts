import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import * as z from 'zod';
import type { LimitsRedis } from '../../../core/gateway-limits-config.ts';
import type { Ask, Exchange, LeaseStore, PoolSpending } from './lease-store.ts';
import { EXCHANGE_SCRIPT } from './redis-script.ts';

const SHA1 = createHash('sha1').update(EXCHANGE_SCRIPT).digest('hex');
const CONNECT_MS = 2_000;
const LONGEST_WAIT_MS = 1_000;
/** Why so long: whoever asks gives up by itself long before, and gives back what a late answer grants. */
const ANSWER_MS = 10_000;

const Answer = z.tuple([z.string(), z.int(), z.int(), z.string()]);
const Grants = z.union([z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])), z.strictObject({})]);

/**
 * Counters that replicas share in Redis. Why no resending, no queue: a command that is sent twice, or long after it was given
 * up, would say what is no longer true; whoever asks hears at once that there is no answer.
 */
export class RedisLeaseStore implements LeaseStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  #closing: () => void = () => undefined;

  constructor({ url, username, prefix }: LimitsRedis, password: string | undefined) {
    // Why braces: in a cluster, all keys of a script must be in one slot.
    this.#prefix = `{${prefix}}`;
    this.#redis = new Redis(url, {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWER_MS,
      connectTimeout: CONNECT_MS,
      retryStrategy: (times) => Math.min(LONGEST_WAIT_MS, 50 * times),
    });
    // Why: what goes wrong is heard by whoever asks; without a listener an error would end the process.
    this.#redis.on('error', () => undefined);
  }

  /** Resolves when it is connected, and after a while in any case. */
  async ready(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CONNECT_MS);
      this.#redis.once('ready', resolve);
    });
    clearTimeout(timer);
  }

  async exchange(holder: string, asks: readonly Ask[]): Promise<Exchange> {
    const keys = [`${this.#prefix}:epoch`, `${this.#prefix}:replicas`, ...asks.map(({ pool }) => `${this.#prefix}:${pool}`)];
    const [epoch, replicas, now, text] = Answer.parse(await this.#run(keys, [holder, JSON.stringify(asks), randomUUID()]));
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

  /** Says what ends with the store. */
  onClose(closing: () => void): void {
    this.#closing = closing;
  }

  /**
   * Takes another password for the next connection. Why not for the one that there is: Redis asks at its beginning only, and whoever
   * rotates ends it when the former password is not to count any more.
   */
  usePassword(password: string): void {
    this.#redis.options.password = password;
  }

  async close(): Promise<void> {
    this.#closing();
    this.#redis.disconnect();
  }

  async #run(keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.#redis.evalsha(SHA1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.#redis.eval(EXCHANGE_SCRIPT, keys.length, ...keys, ...args);
    }
  }
}

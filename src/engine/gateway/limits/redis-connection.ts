import { Redis } from 'ioredis';
import type { LimitsRedis } from '../../../core/gateway-limits-config.ts';
import { secretIn } from '../../../core/secret-reference.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';

const CONNECT_MS = 2_000;
const LONGEST_WAIT_MS = 1_000;
/** Why so long: whoever asks gives up by itself long before, and gives back what a late answer grants. */
const ANSWER_MS = 10_000;

/** Where Redis is, and as whom to come. */
export type RedisPlace = Pick<LimitsRedis, 'url' | 'username'>;

/**
 * A connection to Redis that is made again whenever it ends. Why no resending, no queue: a command that is sent twice, or long after it was
 * given up, would say what is no longer true; whoever asks hears at once that there is no answer.
 */
export class RedisConnection {
  readonly redis: Redis;
  #closing: () => void = () => undefined;

  constructor({ url, username }: RedisPlace, password: string | undefined) {
    this.redis = new Redis(url, {
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
    this.redis.on('error', () => undefined);
  }

  /** Resolves when it is connected, and after a while in any case. */
  async ready(): Promise<void> {
    if (this.redis.status === 'ready') return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CONNECT_MS);
      this.redis.once('ready', resolve);
    });
    clearTimeout(timer);
  }

  /** Runs a script, which Redis remembers by its SHA-1. */
  async run(script: { readonly text: string; readonly sha1: string }, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(script.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.redis.eval(script.text, keys.length, ...keys, ...args);
    }
  }

  /** Says what ends with the connection. */
  onClose(closing: () => void): void {
    this.#closing = closing;
  }

  /**
   * Takes another password for the next connection. Why not for the one that there is: Redis asks at its beginning only, and whoever
   * rotates ends it when the former password is not to count any more.
   */
  usePassword(password: string): void {
    this.redis.options.password = password;
  }

  close(): void {
    this.#closing();
    this.redis.disconnect();
  }
}

/** Connects with the password from where it is kept, and with the next one when it is rotated. Throws `secret.*`. */
export async function connectRedis(
  place: RedisPlace & Pick<LimitsRedis, 'password' | 'passwordEnv'>,
  secrets: Pick<Secrets, 'get' | 'watch'>,
): Promise<RedisConnection> {
  const reference = secretIn(place.password, place.passwordEnv);
  const connection = new RedisConnection(place, reference === undefined ? undefined : await secrets.get(reference));
  if (reference !== undefined) connection.onClose(secrets.watch(reference, (rotated) => connection.usePassword(rotated)));
  await connection.ready();
  return connection;
}

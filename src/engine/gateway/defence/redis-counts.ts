import { createHash, hash } from 'node:crypto';
import type { LimitsRedis } from '../../../core/gateway-limits-config.ts';
import { connectRedis, type RedisConnection } from '../limits/redis-connection.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { CountAsk } from './defence.ts';

/**
 * What `recent-counts.ts` does, by the clock of Redis. KEYS: what is counted, an index of all by when it last happened. ARGV: `hit` or
 * `again`, count, milliseconds, how many are kept at once.
 */
const TEXT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local within = tonumber(ARGV[3])
local since = now - within
if ARGV[1] == 'again' then
  local first = tonumber(redis.call('LINDEX', KEYS[1], 0) or '-1')
  if first > since then return 1 end
  redis.call('DEL', KEYS[1])
else
  while true do
    local oldest = redis.call('LINDEX', KEYS[1], 0)
    if not oldest or tonumber(oldest) > since then break end
    redis.call('LPOP', KEYS[1])
  end
  if redis.call('LLEN', KEYS[1]) + 1 >= tonumber(ARGV[2]) then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[2], KEYS[1])
    return 1
  end
end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], within)
redis.call('ZADD', KEYS[2], now, KEYS[1])
redis.call('PEXPIRE', KEYS[2], math.max(within, redis.call('PTTL', KEYS[2])))
local many = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if many > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, many - 1)) do redis.call('DEL', key) end
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, many - 1)
end
return 0
`;
const SCRIPT = { text: TEXT, sha1: createHash('sha1').update(TEXT).digest('hex') };

/** How long the answer to whoever was detected waits for it at most. */
const PATIENCE_MS = 250;

/** Detections that several servers count as one, where they share a Redis for their limits. */
export class RedisCounts {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  constructor({ prefix }: Pick<LimitsRedis, 'prefix'>, connection: RedisConnection) {
    this.#prefix = `{${prefix}}:defence`;
    this.#connection = connection;
  }

  /** Counts over all servers; undefined: Redis did not answer in time. Never rejects. */
  async count(kind: 'hit' | 'again', { key, count, withinMs, max }: CountAsk): Promise<boolean | undefined> {
    // Why hashed: values are addresses and names of people, and any text of clients.
    const keys = [`${this.#prefix}:${kind}:${hash('sha256', key)}`, `${this.#prefix}:${kind}`];
    const args = [kind, String(count), String(withinMs), String(max)];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((settle) => (timer = setTimeout(settle, PATIENCE_MS, undefined)));
    const answer = this.#connection.run(SCRIPT, keys, args).then(
      (found) => found === 1,
      () => undefined,
    );
    return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#connection.close();
  }
}

/** Connects to the Redis of the limits. */
export async function openRedisCounts(config: LimitsRedis, secrets: Pick<Secrets, 'get' | 'watch'>): Promise<RedisCounts> {
  return new RedisCounts(config, await connectRedis(config, secrets));
}

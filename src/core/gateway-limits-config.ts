import * as z from 'zod';
import { secretReference, secretVariable } from './secret-reference.ts';

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Patterns = z.array(z.string().min(1).max(200)).min(1).max(1_000);

/** Over what a rate is counted: sliding, not by the calendar. */
export const RATE_PERIODS = ['second', 'minute', 'hour', 'day'] as const;

/** For what a budget is: by the calendar, in UTC; weeks begin on Monday. */
export const BUDGET_PERIODS = ['day', 'week', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** Every value of what is named here has its own counter. */
export const LIMIT_SUBJECTS = ['key', 'principal', 'team', 'ip', 'model', 'route', 'session', 'all'] as const;
export type LimitSubject = (typeof LIMIT_SUBJECTS)[number];

/** So many in any window of that length. */
export const RateLimit = z
  .strictObject({
    count: z.int().min(1).max(1_000_000_000_000),
    per: z.enum(RATE_PERIODS),
  })
  .describe('so many in any window of that length');
export type RateLimit = z.infer<typeof RateLimit>;

/** Money for a period. Why at most ten million: amounts are micro-dollars, and a script of Redis keeps 14 digits. */
export const BudgetLimit = z
  .strictObject({
    usd: z
      .number()
      .min(0.000001)
      .max(10_000_000)
      .refine((usd) => Math.abs(usd * 1e6 - Math.round(usd * 1e6)) < 1e-3, 'use at most six decimal places')
      .describe('US dollars'),
    per: z.enum(BUDGET_PERIODS),
    timezone: z.literal('UTC').default('UTC').describe('when a day begins'),
  })
  .describe('money for a period');
export type BudgetLimit = z.infer<typeof BudgetLimit>;

const measures = {
  requests: RateLimit.optional(),
  tokens: RateLimit.optional().describe('input and output; reserved at their most, settled with what was used'),
  concurrency: z.int().min(1).max(1_000_000).optional().describe('calls at the same time'),
  budget: BudgetLimit.optional(),
};

/** What a virtual key may use by itself; kept with the key, counted beside the rules of the configuration. */
export const KeyLimits = z.strictObject(measures).describe('what the key may use');
export type KeyLimits = z.infer<typeof KeyLimits>;

/** Which calls a rule is about: what is left out is not asked, of a list one entry must fit. */
export const LimitMatch = z
  .strictObject({
    keys: Patterns.optional().describe('ids of keys; * stands for any characters, ? for one'),
    principals: Patterns.optional().describe('ids or names'),
    teams: Patterns.optional().describe('groups of the caller'),
    ips: z
      .array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], 'use an address or a range such as 10.0.0.0/8'))
      .min(1)
      .max(1_000)
      .optional(),
    models: Patterns.optional().describe('names that clients ask for'),
    routes: Patterns.optional().describe('such as /v1/chat/completions'),
  })
  .describe('which calls');
export type LimitMatch = z.infer<typeof LimitMatch>;

/** One limit of the gateway. */
export const LimitRule = z
  .strictObject({
    id: Id.describe('unique; counters belong to it, also across a reload'),
    match: LimitMatch.prefault({}),
    per: z.enum(LIMIT_SUBJECTS).default('all').describe('one counter for each value of this'),
    ...measures,
    dryRun: z.boolean().default(false).describe('count and tell, refuse nothing'),
  })
  .refine(
    (rule) => rule.requests !== undefined || rule.tokens !== undefined || rule.concurrency !== undefined || rule.budget !== undefined,
    'say what is limited: requests, tokens, concurrency or budget',
  )
  .describe('a limit');
export type LimitRule = z.infer<typeof LimitRule>;

/** The Redis that replicas share. */
export const LimitsRedis = z
  .strictObject({
    url: z
      .string()
      .max(500)
      .regex(/^rediss?:\/\/[^\s@]+$/, 'use redis://host:port/0 or rediss://..., without a password in it')
      .describe('redis:// or rediss://, without a password'),
    username: z.string().min(1).max(200).optional(),
    password: secretReference.optional().describe('where the password is kept'),
    passwordEnv: secretVariable.optional().describe('the same as password: env:NAME'),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9:_.-]{1,64}$/)
      .default('cordon:limits')
      .describe('put before every key; installations that share a Redis need different ones'),
    timeoutMs: z
      .int()
      .min(5)
      .max(10_000)
      .default(250)
      .describe('nobody waits longer; until the answer comes, each process keeps to its part'),
  })
  .refine(({ password, passwordEnv }) => password === undefined || passwordEnv === undefined, 'give either password or passwordEnv')
  .describe('the Redis that replicas share');
export type LimitsRedis = z.infer<typeof LimitsRedis>;

/** Where counters live, and what happens when that place is gone. */
export const LimitsSharing = z
  .strictObject({
    store: z
      .enum(['auto', 'memory', 'database', 'redis'])
      .default('auto')
      .describe('auto: memory for one process, the database for several workers; budgets and long windows are in the database always'),
    redis: LimitsRedis.optional(),
    replicas: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe('processes there may be; counts only while Redis has never answered, and without it everything limited is refused then'),
    waitMs: z.int().min(1).max(30_000).default(1_000).describe('how long a call waits for its share of a counter'),
    lost: z
      .strictObject({
        shareSeconds: z
          .int()
          .min(0)
          .max(86_400)
          .default(300)
          .describe('how long each process goes on with its part of every limit: the limit by the last number of processes'),
        afterwards: z.enum(['refuse', 'share']).default('refuse').describe('refuse what is limited, or keep to the part'),
      })
      .prefault({})
      .describe('when the shared store does not answer'),
  })
  .refine(({ store, redis }) => store !== 'redis' || redis !== undefined, 'the store redis needs its address')
  .describe('where counters live');
export type LimitsSharing = z.infer<typeof LimitsSharing>;

/** `gateway.limits` of cordon.yaml. */
export const LimitsConfig = z
  .strictObject({
    rules: z
      .array(LimitRule)
      .max(1_000)
      .default([])
      .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'an id is used twice'),
    unpriced: z
      .enum(['refuse', 'free'])
      .default('refuse')
      .describe('a model without a price where a budget applies: refuse the call, or take it as free'),
    maxValues: z
      .int()
      .min(100)
      .max(1_000_000)
      .default(20_000)
      .describe('counters of a rule; when all are in use, further values share one'),
    sharing: LimitsSharing.prefault({}),
  })
  .describe('requests, tokens, concurrency and money');
export type LimitsConfig = z.infer<typeof LimitsConfig>;

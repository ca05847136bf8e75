import * as z from 'zod';
import { GatewayUpstream } from './gateway-upstream-config.ts';

const UpstreamId = z.string().min(1).max(64);
/** Names of models, as clients write them; `*` stands for any number of characters. */
const ModelPattern = z.string().regex(/^[A-Za-z0-9*][A-Za-z0-9._:@/*+-]{0,255}$/, 'use letters, digits and ._:@/+-, and * for the rest');
const ModelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,2047}$/, 'use letters, digits and ._:@/+-');

/** When answers of a model may come from the cache. */
export const ModelCache = z
  .strictObject({
    ttlSeconds: z.int().min(1).max(604_800).default(300),
    scope: z.enum(['principal', 'team']).default('principal').describe('who shares answers; never wider'),
    when: z
      .enum(['asked', 'deterministic', 'always'])
      .default('asked')
      .describe('asked: the client sends `x-cordon-cache: use`; deterministic: also with temperature 0; always: whatever the client says'),
    streamedTools: z.boolean().default(false).describe('keep streamed answers to requests with tools too'),
  })
  .describe('when answers may come from the cache');
export type ModelCache = z.infer<typeof ModelCache>;

/** Where requests for a model go. */
export const GatewayModel = z
  .strictObject({
    targets: z
      .array(
        z.strictObject({
          upstream: UpstreamId,
          model: ModelName.optional().describe('its name there (default: the name that the client asked for)'),
          protocol: z
            .enum(['openai', 'anthropic'])
            .optional()
            .describe('what it is spoken to in, where its name does not tell, such as an ARN of Bedrock'),
          weight: z.int().min(0).max(10_000).default(1).describe('share of the requests; 0: only when no other is left'),
        }),
      )
      .min(1)
      .max(64),
    strategy: z
      .enum(['weighted', 'latency', 'first'])
      .default('weighted')
      .describe('by share, by measured latency and load, or in the order given'),
    fallback: z.array(ModelName).max(16).default([]).describe('models of this section that are tried when no target is left'),
    retries: z.int().min(0).max(10).default(2).describe('attempts after the first, over all targets and fallbacks'),
    profile: z.string().min(1).max(64).optional().describe('profile of the guard'),
    cache: ModelCache.optional(),
  })
  .describe('where requests for a model go');
export type GatewayModel = z.infer<typeof GatewayModel>;

/** How failures of providers are met. */
export const Resilience = z
  .strictObject({
    retryRatio: z.number().min(0).max(1).default(0.2).describe('retries against a provider per request to it, at most'),
    retryBurst: z.int().min(0).max(1_000).default(10).describe('retries beyond that ratio, saved up'),
    maxWaitMs: z.int().min(0).max(60_000).default(2_000).describe('longest wait before a retry; a longer Retry-After is passed on'),
    retryStatuses: z
      .array(z.int().min(400).max(599))
      .max(50)
      .default([408, 429, 500, 502, 503, 504, 529])
      .describe('answers that are worth another attempt'),
    failures: z.int().min(1).max(1_000).default(5).describe('failures in a row that open the circuit of a target'),
    failureRatio: z.number().min(0.05).max(1).default(0.5).describe('share of failures in the window that opens it'),
    minRequests: z.int().min(1).max(100_000).default(20).describe('requests in the window before shares count'),
    windowMs: z.int().min(100).max(600_000).default(10_000),
    openMs: z.int().min(10).max(600_000).default(5_000).describe('how long a circuit stays open at first; it doubles up to maxOpenMs'),
    maxOpenMs: z.int().min(10).max(3_600_000).default(60_000),
    probes: z.int().min(1).max(100).default(2).describe('successes of single requests that close it again'),
    outlierFactor: z
      .number()
      .min(1.5)
      .max(100)
      .default(4)
      .describe('a target that fails so many times as often as its peers is left out for a while; at most half of them are'),
  })
  .describe('how failures of providers are met');
export type Resilience = z.infer<typeof Resilience>;

/** The exact cache of answers; without a `cache` on a model nothing is kept. */
export const CacheConfig = z
  .strictObject({
    maxBytes: z
      .int()
      .min(0)
      .max(16 * 1024 ** 3)
      .default(64 * 1024 ** 2)
      .describe('memory for all answers'),
    maxEntryBytes: z
      .int()
      .min(0)
      .max(1024 ** 3)
      .default(1024 ** 2)
      .describe('a longer answer is not kept'),
  })
  .describe('the exact cache of answers');
export type CacheConfig = z.infer<typeof CacheConfig>;

/** Members of the section `gateway` that say where requests go. */
export const upstreamsShape = {
  upstreams: z.array(GatewayUpstream).max(256).default([]).describe('model providers and self-hosted servers'),
  models: z
    .record(ModelPattern, GatewayModel)
    .default({})
    .describe('models by name; without any, a single upstream serves every name. A name without an entry is refused'),
  resilience: Resilience.prefault({}),
  cache: CacheConfig.prefault({}),
};

/** What {@link upstreamsShape} makes: all that sending needs to know. */
export const UpstreamsConfig = z.strictObject(upstreamsShape).superRefine(checkUpstreams);
export type UpstreamsConfig = z.infer<typeof UpstreamsConfig>;

/** Refuses routes to what does not exist: a misspelt name must not become an outage later. */
export function checkUpstreams({ upstreams, models }: Pick<UpstreamsConfig, 'upstreams' | 'models'>, context: z.RefinementCtx): void {
  const ids = new Set<string>();
  for (const [index, { id }] of upstreams.entries()) {
    if (ids.has(id)) context.addIssue({ code: 'custom', path: ['upstreams', index, 'id'], message: `the id ${id} is used twice` });
    ids.add(id);
  }
  for (const [name, { targets, fallback }] of Object.entries(models)) {
    for (const [index, { upstream }] of targets.entries())
      if (!ids.has(upstream))
        context.addIssue({
          code: 'custom',
          path: ['models', name, 'targets', index, 'upstream'],
          message: `there is no upstream ${upstream}`,
        });
    for (const [index, other] of fallback.entries())
      if (!Object.hasOwn(models, other))
        context.addIssue({ code: 'custom', path: ['models', name, 'fallback', index], message: `there is no model ${other}` });
  }
}

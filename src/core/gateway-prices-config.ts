import * as z from 'zod';

const Usd = z.number().min(0).max(1_000).describe('US dollars for a million tokens');
const rates = {
  input: Usd,
  cachedInput: Usd.optional().describe('input that was in the cache of the provider; default: as input'),
  cacheWrite: Usd.optional().describe('input that is put into the cache; default: as input'),
  cacheWriteHour: Usd.optional().describe('input that stays in the cache for an hour; default: as cacheWrite'),
  output: Usd,
};

/** What a model costs. */
export const PriceEntry = z
  .strictObject({
    model: z.string().min(1).max(200).describe('name at the upstream; * stands for any characters'),
    upstream: z.string().min(1).max(64).default('*').describe('kind of the upstream, such as azure; * for all'),
    ...rates,
    longContext: z
      .strictObject({ above: z.int().min(1), ...rates })
      .optional()
      .describe('prices of the whole call when its input has more tokens than this'),
    batch: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('part of the price that a request of a batch costs, such as 0.5; default: all of it'),
    tiers: z
      .partialRecord(z.enum(['flex', 'priority', 'fast']), z.strictObject(rates))
      .optional()
      .describe('prices of service tiers, and of the speed `fast`; one that is not listed is not known'),
    images: z
      .array(
        z.strictObject({
          size: z.string().min(1).max(40).optional().describe('such as 1024x1024; default: any'),
          quality: z.string().min(1).max(40).optional().describe('such as hd; default: any'),
          usd: z.number().min(0).max(1_000).describe('US dollars for a picture'),
        }),
      )
      .max(100)
      .optional()
      .describe('prices of pictures: the first that fits; a size or quality that a request leaves out is that of the first'),
    minute: z.number().min(0).max(1_000).optional().describe('US dollars for a minute of a recording'),
    characters: z.number().min(0).max(1_000).optional().describe('US dollars for a million characters that are read out'),
    request: z.number().min(0).max(1_000).default(0).describe('US dollars for each call, whatever its tokens'),
  })
  .describe('what a model costs');
export type PriceEntry = z.infer<typeof PriceEntry>;

/** `gateway.prices` of cordon.yaml: asked in order, before the prices that come with Cordon. */
export const PricesConfig = z
  .strictObject({
    models: z.array(PriceEntry).max(5_000).default([]),
    builtin: z.boolean().default(true).describe('use the prices that come with Cordon for models that are not listed'),
  })
  .describe('what models cost');
export type PricesConfig = z.infer<typeof PricesConfig>;

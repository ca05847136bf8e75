import * as z from 'zod';

const Quota = z.strictObject({
  bytes: z.int().min(0).optional().describe('bytes of all its contents, each counted once; left out: no limit'),
  repositories: z.int().min(0).optional().describe('models, datasets and spaces; left out: no limit'),
});

/** How much namespaces may hold: by name, `*` for those that are not named. */
export const Quotas = z
  .record(z.string().regex(/^(?:\*|[^/:*\s]{1,96})$/, 'use the name of a namespace, or *'), Quota)
  .default({})
  .describe('how much each namespace may hold; * for those that are not named');
export type Quotas = z.infer<typeof Quotas>;

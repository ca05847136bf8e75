import * as z from 'zod';

/** The section `secrets` of `cordon.yaml`. */
export const SecretsConfig = z
  .strictObject({
    refreshSeconds: z.int().min(1).max(86_400).default(300).describe('how often a secret is read again'),
    staleSeconds: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(3_600)
      .describe('how long the last value is used while its place does not answer'),
    timeoutSeconds: z.int().min(1).max(60).default(10).describe('longest wait for an answer'),
  })
  .describe('where secrets come from');
export type SecretsConfig = z.infer<typeof SecretsConfig>;

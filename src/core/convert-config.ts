import * as z from 'zod';

/** Whose checkpoints are converted instead of blocked. */
const Scope = z.enum(['off', 'mirror', 'all']);

/** Converting instead of blocking. */
export const ConvertConfig = z
  .union([
    Scope,
    z.strictObject({
      of: Scope.default('mirror').describe('mirror: what comes from remote hubs; all: what people upload, too'),
      malicious: z.boolean().default(false).describe('also checkpoints in which code was found; only their tensors are read'),
      reviewed: z.boolean().default(false).describe('also checkpoints that the gate serves with a warning'),
      minutes: z
        .int()
        .min(1)
        .max(24 * 60)
        .default(60)
        .describe('how long the conversion of one file may take'),
    }),
  ])
  .default('off')
  .transform((given) => (typeof given === 'string' ? { of: given, malicious: false, reviewed: false, minutes: 60 } : given))
  .describe('serve checkpoints that the gate of the ingest refuses as safetensors: off, mirror or all');
export type ConvertConfig = z.infer<typeof ConvertConfig>;

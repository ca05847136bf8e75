import * as z from 'zod';

/** `registry.maintenance`: what the server does by itself. */
export const MaintenanceConfig = z
  .strictObject({
    collectEveryHours: z.number().min(0).max(8_760).default(24).describe('remove what nothing refers to; 0: only on demand'),
    graceHours: z.number().min(1).max(8_760).default(24).describe('how long unreferenced content stays'),
    scrubEveryHours: z
      .number()
      .min(0)
      .max(8_760)
      .default(24)
      .describe('read stored files and compare them with their digests; 0: only on demand'),
    scrubMinutes: z
      .number()
      .min(0.1)
      .max(1_440)
      .default(10)
      .describe('how long one round of this takes at most; the next goes on where it ended'),
    rescanShare: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.5)
      .describe('share of its time that reading stored files again may take, one after the other, after the scanners have changed'),
    keepJobsDays: z.number().min(1).max(3_650).default(7).describe('how long finished jobs are remembered'),
  })
  .describe('what the server does by itself');
export type MaintenanceConfig = z.infer<typeof MaintenanceConfig>;

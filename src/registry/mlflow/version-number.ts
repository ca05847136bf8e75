import * as z from 'zod';

/** Versions are numbers that MLflow writes as text. */
export const VersionNumber = z
  .union([
    z.int().min(1),
    z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'Model version must be an integer')
      .transform(Number),
  ])
  .describe('number of a version');

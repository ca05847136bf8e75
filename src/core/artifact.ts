import * as z from 'zod';
import { Completeness, Verdict } from './verdict.ts';

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What is true of the bytes whatever the rules say, by name (`pickle.imports`, `tensors`, `licence`). `basis` tells facts
 * measured from bytes from those the artifact merely declares of itself.
 */
export const Fact = z.object({
  name: z.string(),
  member: z.string().optional(),
  basis: z.enum(['measured', 'declared']),
  value: z.json(),
});
export type Fact = z.infer<typeof Fact>;

/** Something with a digest that we secure, as reports carry it. */
export const Artifact = z.object({
  path: z.string(),
  sha256: z.string().nullable().describe('hex; null when it could not be read or hashing was turned off'),
  size: z.int().nonnegative().nullable().describe('bytes; null when it could not be read'),
  format: z.string(),
  verdict: Verdict,
  completeness: Completeness,
  reasons: z.array(z.string()).describe('why it is not complete'),
  findings: z.array(z.string()).describe('ids of findings'),
  facts: z.array(Fact),
});
export type Artifact = z.infer<typeof Artifact>;

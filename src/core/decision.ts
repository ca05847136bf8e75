import * as z from 'zod';

/** What a gate does, mildest first. */
export const EFFECTS = ['allow', 'warn', 'deny'] as const;
export const Effect = z.enum(EFFECTS);
export type Effect = z.infer<typeof Effect>;

/** One policy entry that fired. */
export const Reason = z.object({
  id: z.string().describe('id of the policy entry'),
  effect: Effect,
  message: z.string(),
  inputs: z.array(z.string()).describe('the input values that made it fire, as paths into the input document'),
});
export type Reason = z.infer<typeof Reason>;

/** What a gate decided and on what: reproducible, the same inputs give the same bytes. */
export const Decision = z.object({
  gate: z.string(),
  effect: Effect,
  reasons: z.array(Reason),
  engine: z.enum(['cel', 'opa-wasm', 'opa-server']),
  policy: z.string().describe('sha256 of the policy'),
  subject: z.string().describe('sha256 over the sorted (path, sha256) of the artifacts'),
  evidence: z.array(z.string()).describe('sha256 of the input document, and of further evidence where there is any'),
});
export type Decision = z.infer<typeof Decision>;

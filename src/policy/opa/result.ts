import * as z from 'zod';
import type { Reason } from '../../core/decision.ts';
import { printable } from '../../core/printable.ts';

const Entry = z.union([
  z.string(),
  z.object({ id: z.string().optional(), message: z.string().optional(), inputs: z.array(z.string()).max(1_000).optional() }),
]);

/**
 * What a Rego policy returns: `deny` and `warn`, each an array (a set arrives as one) of messages or of {id, message, inputs}.
 * Why `deny` is demanded: a package without the rule, or a misspelt one, returns an object too, and must not allow.
 */
export const RegoResult = z.object({ deny: z.array(Entry).max(10_000), warn: z.array(Entry).max(10_000).default([]) });

/** Id of the reason when the engine gave no usable answer. */
export const UNAVAILABLE = 'policy-unavailable';

/** The reasons in a Rego result; a result of another shape denies and says so. */
export function reasonsOf(result: unknown): readonly Reason[] {
  if (result === undefined) return [unavailable('the policy is undefined at this path')];
  const parsed = RegoResult.safeParse(result);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'the result';
    return [unavailable(`the result is not {deny: [...], warn: [...]}: ${where}: ${issue?.message ?? 'unknown'}`)];
  }
  return (['deny', 'warn'] as const).flatMap((effect) =>
    parsed.data[effect].map((entry): Reason => {
      const { id, message, inputs } = typeof entry === 'string' ? { message: entry } : entry;
      return { id: id ?? effect, effect, message: printable(message ?? id ?? effect), inputs: (inputs ?? []).map(printable) };
    }),
  );
}

/** The reason that denies because nobody could be asked. */
export function unavailable(why: string): Reason {
  return {
    id: UNAVAILABLE,
    effect: 'deny',
    message: printable(`The policy engine gave no usable answer, so the gate denies: ${why}`),
    inputs: [],
  };
}

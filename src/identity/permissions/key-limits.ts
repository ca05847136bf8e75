import { CordonError } from '../../core/errors.ts';
import type { KeyLimits } from '../../core/gateway-limits-config.ts';

/**
 * Limits that exceed neither. Throws `access.denied` where two count over different periods: which one is stricter depends on
 * when the calls come.
 */
export function intersectLimits(first: KeyLimits | undefined, second: KeyLimits | undefined): KeyLimits | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const limits: KeyLimits = {};
  for (const measure of ['requests', 'tokens'] as const) {
    const rate = stricter(first[measure], second[measure], ({ count }) => count);
    if (rate !== undefined) limits[measure] = rate;
  }
  const budget = stricter(first.budget, second.budget, ({ usd }) => usd);
  if (budget !== undefined) limits.budget = budget;
  const slots = [first.concurrency, second.concurrency].filter((count) => count !== undefined);
  if (slots.length > 0) limits.concurrency = Math.min(...slots);
  return limits;
}

function stricter<T extends { readonly per: string }>(one: T | undefined, other: T | undefined, size: (limit: T) => number): T | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.per !== other.per)
    throw new CordonError('access.denied', `limits per ${one.per} and per ${other.per} cannot be compared; use the same period`);
  return size(one) <= size(other) ? one : other;
}

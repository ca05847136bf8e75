import type { GuardDecision } from './decision.ts';

/** Who objected, or would have where the profile only watches. */
export interface Fired {
  /** Ids of rules, and of what gave a reason without one. */
  readonly rules: readonly string[];
  readonly detectors: readonly string[];
}

/** Why: many small signs can make up a reason, but what is less than this sure says nothing by itself. */
const SURE = 0.4;

/**
 * What fired in a decision. Why not all detections: the classifier has an opinion on every text, and most of them are that there is
 * nothing.
 */
export function fired({ detections, reasons, failures }: GuardDecision): Fired {
  if (reasons.length === 0) return NOTHING;
  const ids = new Set(reasons.map(({ id }) => id));
  // Why: the reason of a judge has its name, whether it objected or failed.
  if (failures.length > 0) ids.add(FAILED);
  const own = detections.filter(({ detector }) => ids.has(detector));
  return {
    rules: [...new Set([...own.filter(({ score }) => score >= SURE).map(({ rule }) => rule), ...ids])],
    detectors: [...new Set(own.map(({ detector }) => detector))],
  };
}

/** Stands among the rules of what was decided because something of the guard failed. */
export const FAILED = 'guard.failed';

const NOTHING: Fired = { rules: [], detectors: [] };

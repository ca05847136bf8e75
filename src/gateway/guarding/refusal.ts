import { CordonError } from '../../core/errors.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';

/** Whether nothing may pass: blocked, or held for somebody who is not there to ask. */
export function refuses({ effect }: GuardDecision): boolean {
  return effect === 'block' || effect === 'hold';
}

/** The error that a client sees. It names who objected, never what was found. */
export function refusalOf(what: 'request' | 'response', { reasons }: GuardDecision): CordonError {
  const ids = [...new Set(reasons.filter(({ effect }) => effect === 'block' || effect === 'hold').map(({ id }) => id))];
  return new CordonError('gateway.refused', `The ${what} was refused by policy (${ids.join(', ') || 'guard'}).`);
}

/** A decision of something other than the guard, in its words. */
export function objection(id: string, message: string, policyDigest: string): GuardDecision {
  return {
    effect: 'block',
    verdict: 'blocked',
    score: 1,
    detections: [],
    reasons: [{ id, effect: 'block', message }],
    modelDigest: 'none',
    policyDigest,
    failures: [],
  };
}

/** What is written down about a streamed answer that went through, as it came or with texts replaced. */
export function passed(isChanged: boolean, policyDigest: string): GuardDecision {
  const effect = isChanged ? 'redact' : 'allow';
  const reasons = isChanged ? [{ id: 'redaction', effect, message: 'Texts of the answer were replaced.' } as const] : [];
  return {
    effect,
    verdict: isChanged ? 'review' : 'clean',
    score: 0,
    detections: [],
    reasons,
    modelDigest: 'none',
    policyDigest,
    failures: [],
  };
}

import type { GuardDetection } from './decision.ts';

/**
 * The score of detections together: the worst segment. Rules are independent signs and add up, each once; what the classifier says is no
 * sign of its own beside them, because it reads the same words, so the higher of the two counts.
 */
export function combinedScore(detections: readonly GuardDetection[]): number {
  const segments = new Map<number, Map<string, number>>();
  let best = 0;
  for (const { segment, rule, score } of detections) {
    if (rule.endsWith('.classifier')) {
      best = Math.max(best, score);
      continue;
    }
    const rules = segments.get(segment) ?? new Map<string, number>();
    segments.set(segment, rules.set(rule, Math.max(score, rules.get(rule) ?? 0)));
  }
  for (const rules of segments.values()) {
    let clean = 1;
    for (const score of rules.values()) clean *= 1 - Math.min(1, score);
    best = Math.max(best, 1 - clean);
  }
  return best;
}

import { errorMessage } from '../../core/errors.ts';
import type { Segment } from '../../core/text.ts';
import type { CompiledGuardCondition } from '../../policy/cel/guard-conditions.ts';
import { areAllied, combinedScore, isAttack } from './combine.ts';
import type { GuardDetection, GuardReason } from './decision.ts';
import { type GuardSession, raised } from './session.ts';

/** What is done with the findings of a detector or judge, and from which score on. */
export interface Standard {
  readonly mode: string;
  readonly threshold: number;
  /** Rules with which something else is done. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Whether only the surest finding counts. Why: a judge has weighed everything itself; two of its doubts are no certainty. */
  readonly surestOnly?: boolean;
}

/** What is done with the findings of a rule. */
export function modeOf({ mode, modes = {} }: Standard, rule: string): string {
  return Object.hasOwn(modes, rule) ? modes[rule]! : mode;
}

/** Detectors whose findings below their threshold are let through but marked for review: somebody may want to look. */
const DOUBTED: ReadonlySet<string> = new Set(['injection', 'extraction', 'indirect']);
/** The score from which on they are. */
const REVIEWED_FROM = 0.5;

/** A reason for each detector or judge whose findings together reach its threshold, or come near it. */
export function findingReasons(
  standards: ReadonlyMap<string, Standard>,
  detections: readonly GuardDetection[],
  session: GuardSession | undefined,
): readonly GuardReason[] {
  const reasons: GuardReason[] = [];
  if (detections.length === 0) return reasons;
  for (const [id, standard] of standards) {
    const { threshold } = standard;
    const all = detections.filter(({ detector }) => detector === id);
    const allied = detections.filter(({ detector, channel }) => channel === 'user' && areAllied(detector, id));
    for (const mode of new Set(all.map(({ rule }) => modeOf(standard, rule)))) {
      const own = all.filter(({ rule }) => modeOf(standard, rule) === mode);
      const score = raised(
        standard.surestOnly === true ? Math.max(...own.map((one) => one.score)) : combinedScore([...own, ...allied]),
        isAttack(id) ? session : undefined,
      );
      const doubted = score < threshold;
      if (doubted && !(DOUBTED.has(id) && score >= REVIEWED_FROM)) continue;
      const rules = [...new Set(own.filter((one) => one.score >= Math.min(threshold, 0.4)).map(({ rule }) => rule))];
      const effect = !doubted && (mode === 'block' || mode === 'redact') ? mode : 'allow';
      reasons.push({ id, effect, message: `${rules.slice(0, 5).join(', ') || id}: ${score.toFixed(2)}, threshold ${threshold}` });
    }
  }
  return reasons;
}

/** Why a limit: a condition looks at every detection, and a text may be one long list of addresses. */
const MOST_SHOWN = 1_000;

/** The detections that conditions see. Where they are too many, one of each kind comes first, so that masses of one hide no other. */
function shown(detections: readonly GuardDetection[]): readonly GuardDetection[] {
  if (detections.length <= MOST_SHOWN) return detections;
  const best = new Map<string, GuardDetection>();
  for (const one of detections) {
    const kind = `${one.rule} ${one.channel} ${one.entity ?? ''}`;
    if ((best.get(kind)?.score ?? -1) < one.score) best.set(kind, one);
  }
  const first = new Set(best.values());
  return [...first, ...detections.filter((one) => !first.has(one))].slice(0, MOST_SHOWN);
}

/** A reason for each condition that holds. One that cannot be evaluated is named in `failures`. */
export function conditionReasons(
  conditions: readonly CompiledGuardCondition[],
  segments: readonly Segment[],
  detections: readonly GuardDetection[],
  score: number,
  session: GuardSession | undefined,
  failures: string[],
): readonly GuardReason[] {
  if (conditions.length === 0) return [];
  const input = {
    detections: shown(detections).map(({ rule, detector, score: own, channel, entity }) => ({
      rule,
      detector,
      score: own,
      channel,
      entity: entity ?? '',
    })),
    channels: [...new Set(segments.map(({ channel }) => channel))],
    score,
    session: session?.risk ?? 0,
    length: segments.reduce((sum, { text }) => sum + text.length, 0),
  };
  return conditions.flatMap(({ id, effect, message, holds }) => {
    try {
      return holds(input) ? [{ id, effect, message }] : [];
    } catch (error) {
      failures.push(`condition ${id}: ${errorMessage(error)}`);
      return [];
    }
  });
}

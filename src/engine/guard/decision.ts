import type { Channel, Detection } from '../../core/text.ts';
import type { Verdict } from '../../core/verdict.ts';

/** What the guard says is to be done, mildest first. */
export const GUARD_EFFECTS = ['allow', 'redact', 'hold', 'block'] as const;
export type GuardEffect = (typeof GUARD_EFFECTS)[number];

/** A detection with the segment it was found in. Holds no text of the conversation. */
export interface GuardDetection extends Detection {
  /** Id of the detector or judge whose mode and threshold count. */
  readonly detector: string;
  /** Index of the segment. */
  readonly segment: number;
  readonly channel: Channel;
}

/** Why a decision is not `allow`. */
export interface GuardReason {
  /** Detector, judge, condition, or `guard.failed`. */
  readonly id: string;
  readonly effect: GuardEffect;
  readonly message: string;
}

/**
 * What became of a judge in a call. `not-needed`: nothing to look at, or the decision stood without it. `later`: the caller said that it
 * asks later.
 */
export interface JudgeStatus {
  readonly id: string;
  readonly status: 'answered' | 'failed' | 'not-needed' | 'later';
}

/** What the guard decides about a piece of conversation. */
export interface GuardDecision {
  readonly effect: GuardEffect;
  /** `clean`: nothing found that counts. `review`: found, and let through, redacted or held. `blocked`. */
  readonly verdict: Verdict;
  /** 0 to 1: the highest score over the segments, raised by the session. */
  readonly score: number;
  /** By segment and place. */
  readonly detections: readonly GuardDetection[];
  /** The texts of all segments with what is to be redacted replaced; absent where nothing is. */
  readonly redacted?: readonly string[];
  readonly reasons: readonly GuardReason[];
  /** sha256 of the classifier's weights; `none` where they could not be read, which is a failure. */
  readonly modelDigest: string;
  /** sha256 of the profile as resolved. */
  readonly policyDigest: string;
  /** Parts of the guard that failed; the profile says what follows from it. */
  readonly failures: readonly string[];
  /** Every judge of the profile; absent where there are none. */
  readonly judges?: readonly JudgeStatus[];
}

/** The stronger of two effects. */
export function strongerEffect(a: GuardEffect, b: GuardEffect): GuardEffect {
  return GUARD_EFFECTS.indexOf(a) >= GUARD_EFFECTS.indexOf(b) ? a : b;
}

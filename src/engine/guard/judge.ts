import type { Rule } from '../../core/rule.ts';
import type { Channel, Detection, Segment } from '../../core/text.ts';
import type { GuardDetection } from './decision.ts';

/**
 * Looks at a text where a synchronous detector cannot: it asks a service, or runs a model that takes its time. Only `assess` asks judges.
 * Throws or rejects when it cannot say; what is thrown as `CordonError` is shown, anything else is named by its class only.
 */
export interface Judge {
  /** Named in decisions. */
  readonly id: string;
  /** All that it may yield. A rule that begins with the id of a detector (`injection.model`) counts as a finding of that detector. */
  readonly rules: readonly Rule[];
  /** Where it looks. */
  readonly channels: readonly Channel[];
  /** Whether it has something to say on a text of its channels; `soFar` is what detectors found in it. Must be cheap. */
  wants(segment: Segment, soFar: readonly GuardDetection[]): boolean;
  /** What it finds, by spans of this segment. Stops when the signal says so. */
  judge(segment: Segment, soFar: readonly GuardDetection[], signal: AbortSignal): Promise<readonly Detection[]>;
}

/** A judge with what follows from its findings and from its silence. */
export interface SeatedJudge {
  readonly judge: Judge;
  /** What is done with findings of its own rules (default: block). */
  readonly mode?: 'monitor' | 'redact' | 'block';
  /** Rules with which something else is done. */
  readonly modes?: Readonly<Record<string, 'monitor' | 'redact' | 'block'>>;
  /** Findings that score less are listed and change nothing (default: 0.5). */
  readonly threshold?: number;
  /** Milliseconds for all texts of one call together (default: 3,000). */
  readonly timeoutMs?: number;
  /** What is decided when it fails, is late, or was not asked (default: block). */
  readonly failure?: 'block' | 'allow';
  /** Texts that it looks at at the same time, over all calls (default: 8). */
  readonly concurrency?: number;
  /** sha256 of the weights that it decides with: part of the digests of the decision. */
  readonly modelDigest?: string;
  /** Decides together with the classifier, which alone blocks only from these probabilities on. */
  readonly aloneFrom?: { readonly user: number; readonly document: number };
}

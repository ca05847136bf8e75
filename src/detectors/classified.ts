import type { Detection, Span } from '../core/text.ts';
import { isDiscussed } from './discussed.ts';
import type { TextSubject, TextView } from './text-subject.ts';

/** The trained classifier as detectors use it. */
export interface Classifier {
  /** The probability of an attack in the worst window of a text, of those that count if that is given, and that window. */
  score(
    text: string,
    head: 'user' | 'document',
    counts?: (start: number, end: number) => boolean,
  ): { readonly probability: number; readonly span: Span };
  /** The published threshold of a head. */
  threshold(head: 'user' | 'document'): number;
  /** The probability from which on a head blocks alone. Absent where that is the threshold. */
  sureFrom?(head: 'user' | 'document'): number;
}

/** The score of a probability at the published threshold: what blocks under the default profile. */
const AT_THRESHOLD = 0.7;
/** The score at the threshold of a head that is sure only further up: a reason for a look, and a block together with a rule. */
const DOUBTED = 0.5;
/** The score just below it. Why a gap: what the classifier is unsure of may tip the scales only together with a rule. */
const BELOW = 0.5;
/** The score at most for a prompt that asks about a text in quotation marks. */
const DISCUSSED = 0.6;
/** Share of the threshold from which on a doubt is listed. */
const LISTED = 0.25;

/** What the classifier says of a text and its decoded views: at most one detection, the worst. */
export function* classified<RuleId extends string>(
  subject: TextSubject,
  rule: RuleId,
  head: 'user' | 'document',
): Generator<Detection<RuleId>> {
  const { classifier } = subject.surroundings;
  if (classifier === undefined) return;
  const threshold = classifier.threshold(head);
  const sure = Math.max(threshold, classifier.sureFrom?.(head) ?? threshold);
  let worst: { readonly probability: number; readonly detection: Detection<RuleId> } | undefined;
  for (const view of subject.views) {
    const { probability, span } = classifier.score(view.text, head, decodedIn(view));
    if (probability < threshold * LISTED || probability <= (worst?.probability ?? 0)) continue;
    const original = view.toOriginal(span.start, span.end);
    const decoding = subject.decodingOf(view, span.start, span.end, original);
    worst = { probability, detection: { rule, span: original, score: scoreOf(probability, threshold, sure), decoding } };
  }
  if (worst === undefined) return;
  const { detection } = worst;
  yield head === 'user' && detection.score > DISCUSSED && isDiscussed(subject.normalised.text)
    ? { ...detection, score: DISCUSSED }
    : detection;
}

/** Which windows of a view count: of a decoded one those with something decoded, because the others are in the clear text, too. */
function decodedIn(view: TextView): ((start: number, end: number) => boolean) | undefined {
  return view.decoding.length === 0 ? undefined : (start, end) => view.decodedBy(start, end).length > 0;
}

/** The score of a probability, 0 to 1: 0.7 and more from where it is sure, 0.5 and more from the threshold on, else less. */
export function scoreOf(probability: number, threshold: number, sure: number = threshold): number {
  let score = (BELOW * probability) / threshold;
  if (probability >= sure) score = AT_THRESHOLD + ((1 - AT_THRESHOLD) * (probability - sure)) / Math.max(1 - sure, 1e-9);
  else if (probability >= threshold) score = DOUBTED + ((AT_THRESHOLD - 0.01 - DOUBTED) * (probability - threshold)) / (sure - threshold);
  return Math.round(score * 10_000) / 10_000;
}

import { createHash } from 'node:crypto';
import type { Classifier } from '../../detectors/classified.ts';
import { Scorer } from '../../patterns/classifier/scorer.ts';
import { classifierModel } from './classifier.ts';
import type { SeatedJudge } from './judge.ts';

/** The classifier with the digest of its weights. */
export interface LoadedClassifier extends Classifier {
  readonly digest: string;
}

/**
 * How far above its threshold a head must be to block alone, as distance of the linear score. Why documents: pages that teach about attacks
 * and mails with calls to action reach the threshold far more often than one in a hundred; at this distance hardly any does.
 */
const SURE_ABOVE = { user: 0, document: 2 } as const;

let loaded: LoadedClassifier | undefined;

/** The classifier of this package, read once. Throws where its weights are missing or damaged. */
export function loadClassifier(): LoadedClassifier {
  if (loaded !== undefined) return loaded;
  const model = classifierModel();
  const scorer = new Scorer(model);
  loaded = {
    digest: model.digest,
    threshold: (head) => model.heads[head].threshold,
    sureFrom: (head) => further(model.heads[head].threshold, model.heads[head].slope * SURE_ABOVE[head]),
    score: (text, head, counts) => scorer.score(text, head, counts),
  };
  return loaded;
}

/** The classifier beside judges with models: their digests in one, and thresholds from which it decides without them. */
export function decidingWith(classifier: LoadedClassifier, judges: readonly SeatedJudge[]): LoadedClassifier {
  const models = judges.flatMap(({ modelDigest }) => modelDigest ?? []);
  if (models.length === 0) return classifier;
  return {
    digest: createHash('sha256')
      .update([classifier.digest, ...models].join('\n'))
      .digest('hex'),
    threshold: (head) => Math.max(classifier.threshold(head), ...judges.map(({ aloneFrom }) => aloneFrom?.[head] ?? 0)),
    ...(classifier.sureFrom !== undefined && { sureFrom: (head: 'user' | 'document') => classifier.sureFrom?.(head) ?? 1 }),
    score: (text, head, counts) => classifier.score(text, head, counts),
  };
}

/** The probability that lies this far above another on the scale of the logarithm of odds. */
function further(probability: number, distance: number): number {
  return 1 / (1 + ((1 - probability) / probability) * Math.exp(-distance));
}

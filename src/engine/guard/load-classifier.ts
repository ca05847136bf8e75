import type { Classifier } from '../../detectors/classified.ts';
import { Scorer } from '../../patterns/classifier/scorer.ts';
import { classifierModel } from './classifier.ts';

/** The classifier with the digest of its weights. */
export interface LoadedClassifier extends Classifier {
  readonly digest: string;
}

let loaded: LoadedClassifier | undefined;

/** The classifier of this package, read once. Throws where its weights are missing or damaged. */
export function loadClassifier(): LoadedClassifier {
  if (loaded !== undefined) return loaded;
  const model = classifierModel();
  const scorer = new Scorer(model);
  loaded = {
    digest: model.digest,
    threshold: (head) => model.heads[head].threshold,
    score: (text, head) => scorer.score(text, head),
  };
  return loaded;
}

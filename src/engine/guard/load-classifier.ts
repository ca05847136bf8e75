import type { Classifier } from '../../detectors/classified.ts';
import type { Model } from '../../patterns/classifier/model.ts';
import { Scorer } from '../../patterns/classifier/scorer.ts';
import { classifierModel } from './classifier.ts';

/** The classifier with the digest of its weights. */
export interface LoadedClassifier extends Classifier {
  readonly digest: string;
}

let loaded: LoadedClassifier | undefined;

/** The classifier of this package, read once; undefined for a package built without weights. Throws for weights that are damaged. */
export function loadClassifier(): LoadedClassifier | undefined {
  if (loaded !== undefined) return loaded;
  let model: Model;
  try {
    model = classifierModel();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const scorer = new Scorer(model);
  loaded = {
    digest: model.digest,
    threshold: (head) => model.heads[head].threshold,
    score: (text, head) => scorer.score(text, head),
  };
  return loaded;
}

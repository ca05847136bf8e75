import { readFileSync } from 'node:fs';
import { readModel } from '../../patterns/classifier/model.ts';
import type { Model } from '../../patterns/classifier/model.ts';

// The build copies the weights beside the bundle.
const WEIGHTS = import.meta.url.endsWith('.ts') ? '../../patterns/classifier/weights.bin' : './classifier-weights.bin';

let loaded: Model | undefined;

/** The trained injection classifier, read from the package once: 1 MB, only when something is guarded. */
export function classifierModel(): Model {
  loaded ??= readModel(readFileSync(new URL(WEIGHTS, import.meta.url)));
  return loaded;
}

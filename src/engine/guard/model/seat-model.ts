import { loadClassifier } from '../load-classifier.ts';
import type { SeatedJudge } from '../judge.ts';
import type { ResolvedProfile } from '../profile.ts';
import { loadModel } from './load-model.ts';
import { modelJudge, type ModelMode } from './model-judge.ts';

/** Milliseconds for all texts of one call. Why so many: a long conversation on a busy machine must not be refused for its length. */
const TIMEOUT = 5_000;
/** Texts at the same time. Why one: the model has one thread, and waiting in line costs no memory. */
const CONCURRENCY = 1;

/** What a profile says of its model. */
interface ModelOptions {
  readonly model?: string;
  readonly modelMode?: ModelMode;
  readonly modelTimeout?: number;
  readonly modelFailure?: 'block' | 'allow';
}

/** The judge of a profile that names a model, or of the model given instead; none otherwise. Throws `config.invalid`. */
export function seatModel(profile: ResolvedProfile, base: string, instead?: string): readonly SeatedJudge[] {
  const { injection, indirect } = profile.detectors;
  const { model: own, modelMode, modelTimeout, modelFailure } = injection as ModelOptions;
  const named = instead ?? own;
  if (named === undefined || (injection.mode === 'off' && indirect.mode === 'off')) return [];
  const model = loadModel(named, base);
  const how = modelMode ?? 'uncertain';
  const { combine } = model.manifest;
  return [
    {
      judge: modelJudge(model, loadClassifier(), how),
      timeoutMs: modelTimeout ?? TIMEOUT,
      failure: profile.watches ? 'allow' : (modelFailure ?? 'block'),
      concurrency: CONCURRENCY,
      modelDigest: model.digest,
      ...(combine !== undefined && { aloneFrom: { user: combine.user.high, document: combine.document.high } }),
    },
  ];
}

import { fileScanner } from '../../core/plugin.ts';
import { readPickles } from './read-pickles.ts';
import { PICKLE_RULES } from './rules.ts';

/** Extensions under which loaders unpickle whatever they get. */
const PICKLE_EXTENSION = /\.(pkl|pickle|pck|pk|p|joblib|jl|pt|pth|ckpt|bin|model|dat|data|pdparams|pdopt|npy)$/i;

/** Follows every pickle in a file through an abstract unpickler and judges what it imports, calls and overwrites. */
export const pickle = fileScanner({
  id: 'pickle',
  title: 'Pickle streams (pickle, joblib, torch, dill, cloudpickle)',
  rules: PICKLE_RULES,
  accepts: (subject) =>
    subject.format === 'pickle' || (subject.format === 'unknown' && !subject.opaque && PICKLE_EXTENSION.test(subject.name)),
  inspect: readPickles,
});

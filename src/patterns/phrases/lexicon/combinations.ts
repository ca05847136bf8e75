import type { PhraseKind } from '../phrase.ts';
import type { WordClass } from './lexicon.ts';

/** Classes that mean something when they stand in one sentence, in any order. */
export interface Combination {
  readonly kind: PhraseKind;
  readonly score: number;
  readonly classes: readonly WordClass[];
  /** Code units that the words may spread over, where less than usual. */
  readonly reach?: number;
}

/** Like {@link when} for words that stand close together. */
function near(kind: PhraseKind, score: number, reach: number, ...classes: readonly WordClass[]): Combination {
  return { kind, score, classes, reach };
}

function when(kind: PhraseKind, score: number, ...classes: readonly WordClass[]): Combination {
  return { kind, score, classes };
}

/** What combinations mean. Below 0.7 a combination blocks only together with another kind. */
export const COMBINATIONS: readonly Combination[] = [
  when('override', 0.85, 'drop', 'rules', 'your'),
  near('override', 0.8, 50, 'drop', 'rules', 'earlier'),
  near('override', 0.6, 50, 'drop', 'rules', 'all'),
  when('override', 0.8, 'drop', 'told'),
  when('override', 0.8, 'drop', 'maker', 'asked'),
  when('override', 0.75, 'drop', 'your', 'safety'),
  when('override', 0.75, 'rules', 'earlier', 'void'),
  when('override', 0.75, 'rules', 'your', 'void'),
  when('override', 0.8, 'told', 'void'),
  when('override', 0.75, 'disable', 'safety', 'your'),
  when('override', 0.6, 'disable', 'safety'),
  when('reset', 0.6, 'obey', 'onlyMe'),
  when('reset', 0.75, 'drop', 'obey', 'onlyMe'),
  when('reset', 0.5, 'authority'),
  when('persona', 0.85, 'become', 'model', 'without', 'limits'),
  when('persona', 0.75, 'become', 'model', 'comply'),
  when('persona', 0.6, 'become', 'without', 'limits'),
  when('compliance', 0.5, 'comply'),
  when('extraction', 0.85, 'reveal', 'setup', 'your'),
  when('extraction', 0.8, 'reveal', 'setup', 'verbatim'),
  when('extraction', 0.55, 'reveal', 'setup'),
  when('extraction', 0.8, 'reveal', 'rules', 'your', 'verbatim'),
  when('extraction', 0.8, 'reveal', 'text', 'maker', 'told'),
  when('extraction', 0.8, 'reveal', 'start', 'verbatim'),
  when('extraction', 0.55, 'reveal', 'start', 'text'),
  when('extraction', 0.75, 'reveal', 'told', 'verbatim'),
  when('extraction', 0.7, 'reveal', 'asked', 'maker', 'text'),
  when('extraction', 0.75, 'reveal', 'secret', 'guard'),
  near('address', 0.65, 60, 'model', 'reading'),
  near('address', 0.65, 40, 'model', 'ifYou'),
  when('conceal', 0.6, 'quiet', 'user'),
  when('exfiltrate', 0.5, 'send', 'loot', 'user'),
  when('hijack', 0.6, 'drop', 'task', 'your'),
  when('hijack', 0.6, 'drop', 'task', 'model'),
];

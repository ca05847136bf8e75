import type { PhraseKind } from '../phrase.ts';
import type { WordClass } from './lexicon.ts';

/** Classes that mean something when they stand in one sentence, in any order. */
export interface Combination {
  readonly kind: PhraseKind;
  readonly score: number;
  readonly classes: readonly WordClass[];
  /** Code units that the words may spread over, where less than usual. */
  readonly reach?: number;
  /** Whether the words may stand in different sentences: then only as far apart as `reach`. */
  readonly across?: true;
}

/** Like {@link when} for words that stand close together. */
function near(kind: PhraseKind, score: number, reach: number, ...classes: readonly WordClass[]): Combination {
  return { kind, score, classes, reach };
}

function when(kind: PhraseKind, score: number, ...classes: readonly WordClass[]): Combination {
  return { kind, score, classes };
}

/** Like {@link near} for words that may stand in neighbouring sentences: a request and the wrapping that it comes in. */
function across(kind: PhraseKind, score: number, reach: number, ...classes: readonly WordClass[]): Combination {
  return { kind, score, classes, reach, across: true };
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
  when('override', 0.6, 'drop', 'rules', 'maker'),
  when('override', 0.85, 'onlyMe', 'maker', 'drop'),
  when('override', 0.55, 'void', 'limits'),
  when('reset', 0.6, 'obey', 'onlyMe'),
  across('reset', 0.75, 140, 'claim', 'limits', 'void'),
  across('reset', 0.75, 140, 'claim', 'disable', 'safety'),
  across('reset', 0.75, 140, 'claim', 'disable', 'limits', 'all'),
  across('reset', 0.75, 140, 'claim', 'disable', 'limits', 'your'),
  across('reset', 0.75, 140, 'authority', 'disable', 'limits'),
  across('reset', 0.75, 140, 'authority', 'void', 'limits'),
  when('reset', 0.75, 'drop', 'obey', 'onlyMe'),
  when('reset', 0.5, 'authority'),
  when('persona', 0.85, 'become', 'model', 'without', 'limits'),
  when('persona', 0.75, 'become', 'model', 'comply'),
  when('persona', 0.6, 'become', 'without', 'limits'),
  across('persona', 0.8, 160, 'amoral', 'become', 'model'),
  across('persona', 0.8, 200, 'harm', 'amoral', 'become'),
  across('persona', 0.75, 160, 'amoral', 'comply', 'become'),
  when('persona', 0.5, 'amoral', 'become'),
  when('persona', 0.75, 'safety', 'disable', 'become'),
  when('compliance', 0.5, 'comply'),
  across('pretext', 0.8, 240, 'harm', 'noWarn'),
  across('pretext', 0.8, 240, 'harm', 'opening', 'glad'),
  across('pretext', 0.5, 160, 'harm', 'glad'),
  across('pretext', 0.75, 240, 'harm', 'frame', 'detail'),
  across('pretext', 0.75, 240, 'harm', 'amoral'),
  across('pretext', 0.75, 240, 'harm', 'comply'),
  when('extraction', 0.85, 'reveal', 'setup', 'your'),
  when('extraction', 0.8, 'reveal', 'setup', 'verbatim'),
  when('extraction', 0.75, 'ownSetup', 'reveal'),
  when('extraction', 0.75, 'beforeMe', 'reveal', 'text'),
  when('extraction', 0.75, 'beforeMe', 'reveal', 'verbatim'),
  when('extraction', 0.7, 'beforeMe', 'reveal'),
  when('extraction', 0.75, 'secret', 'maker', 'reveal', 'rules'),
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
  near('address', 0.75, 60, 'ifYou', 'must', 'model'),
  near('address', 0.75, 70, 'reading', 'must', 'model'),
  near('address', 0.75, 70, 'reading', 'ifYou', 'model'),
  near('address', 0.4, 60, 'must', 'act', 'model'),
  when('conceal', 0.6, 'quiet', 'user'),
  when('conceal', 0.7, 'covert', 'act'),
  when('conceal', 0.75, 'covert', 'act', 'url'),
  when('conceal', 0.75, 'covert', 'act', 'creds'),
  when('conceal', 0.75, 'covert', 'model', 'act'),
  when('exfiltrate', 0.6, 'creds', 'url', 'send'),
  when('exfiltrate', 0.75, 'reply', 'creds', 'act'),
  when('exfiltrate', 0.7, 'creds', 'url', 'act'),
  when('exfiltrate', 0.6, 'reply', 'url', 'act'),
  when('hijack', 0.75, 'user', 'task', 'drop'),
  when('hijack', 0.75, 'task', 'model', 'drop', 'your'),
  when('hijack', 0.7, 'user', 'must', 'model', 'drop'),
  when('hijack', 0.6, 'reply', 'drop', 'task'),
  when('exfiltrate', 0.5, 'send', 'loot', 'user'),
  when('hijack', 0.6, 'drop', 'task', 'your'),
  when('hijack', 0.6, 'drop', 'task', 'model'),
];

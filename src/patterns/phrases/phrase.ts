import { normalise } from '../normalise/normalise.ts';

/** What a phrase tries to do to a model. */
export const PHRASE_KINDS = [
  'override',
  'reset',
  'persona',
  'compliance',
  'extraction',
  'address',
  'conceal',
  'exfiltrate',
  'hijack',
  'tooling',
  'model-theft',
  'exhaustion',
] as const;
export type PhraseKind = (typeof PHRASE_KINDS)[number];

/** A phrase as a bounded regular expression with the literals that it begins with. */
export interface Phrase {
  readonly kind: PhraseKind;
  readonly language: string;
  readonly source: string;
  readonly triggers: readonly string[];
  readonly score: number;
  /** Written with spaces between words: begins at the beginning of a word. */
  readonly words: boolean;
}

/**
 * A part of a phrase: alternatives separated by ` | `, or the greatest number of words that may stand between its neighbours. In an
 * alternative a space is any white space, `*` the rest of a word, `?` makes the letter or group before it optional; the alternative `?`
 * makes the whole part optional.
 */
export type PhrasePart = string | number;

/** Letters and digits of the scripts that put spaces between words: where a word may not begin or end. */
const LETTERS = 'A-Za-z0-9_\\u00c0-\\u024f\\u0370-\\u058f\\u0600-\\u06ff\\u0900-\\u0dff\\u0e00-\\u0eff';
/** Between two words of one sentence: white space, and signs that do not end it. */
const BETWEEN = '[\\s,:;\'"()\\[\\]*_`/-]{1,6}';
/** Why disjoint from {@link BETWEEN}: else a row of dashes could be split in a million ways. */
const WORD = '[^\\s.!?;:,"\'()<>\\[\\]*_`/-]{1,20}';
const ANY_LETTERS = '[^\\s.!?。！？]';

/** Makes phrases of a language that separates words. The parts follow in order within one sentence. */
export function spaced(language: string): (kind: PhraseKind, score: number, ...parts: PhrasePart[]) => Phrase {
  return (kind, score, ...parts) => build(kind, language, score, parts, true);
}

/** Makes phrases of a language that does not separate words, or glues particles to them: gaps are counted in characters. */
export function unspaced(language: string): (kind: PhraseKind, score: number, ...parts: PhrasePart[]) => Phrase {
  return (kind, score, ...parts) => build(kind, language, score, parts, false);
}

function build(kind: PhraseKind, language: string, score: number, parts: readonly PhrasePart[], words: boolean): Phrase {
  const [first] = parts;
  if (typeof first !== 'string') throw new TypeError('a phrase begins with words');
  let source = words ? `(?<![${LETTERS}])` : '';
  let gap: number | undefined;
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'number') {
      gap = part;
      continue;
    }
    const options = part.split(' | ');
    const before = index === 0 ? '' : separator(gap, words);
    const body = `${before}${alternatives(options, words)}`;
    source += options.includes('?') ? `(?:${body})?` : body;
    gap = undefined;
  }
  return {
    kind,
    language,
    source,
    triggers: first
      .split(' | ')
      .flatMap(triggersOf)
      .map((trigger) => (words ? trigger : trigger.slice(0, 3))),
    score,
    words,
  };
}

function separator(gap: number | undefined, words: boolean): string {
  if (!words) return gap === undefined ? '\\s{0,2}' : `(?:${ANY_LETTERS}|[ \\t]){0,${gap}}?`;
  return gap === undefined ? BETWEEN : `(?:${BETWEEN}${WORD}){0,${gap}}?${BETWEEN}`;
}

function alternatives(part: readonly string[], words: boolean): string {
  const sources = part.filter((text) => text !== '?').map((text) => alternativeSource(text));
  return `(?:${sources.join('|')})${words ? `(?![${LETTERS}])` : ''}`;
}

function alternativeSource(text: string): string {
  return normalise(text).text.replaceAll(' ', '[\\s_-]{1,3}').replaceAll('*', `[${LETTERS}]{0,12}`);
}

/** The literal beginnings of an alternative, cut before what is optional or open. */
function triggersOf(text: string): string[] {
  const plain = normalise(text).text;
  const group = /^\(\?:([^()]+)\)/.exec(plain);
  if (group !== null) return group[1]!.split('|').flatMap(triggersOf);
  const literal = /^[^ *?()[\]|\\.]+/.exec(plain)?.[0] ?? '';
  return [plain[literal.length] === '?' ? literal.slice(0, -1) : literal];
}

import { normalisedEntry } from './normalised-entry.ts';
import { type Anchor, isTelling } from './anchor.ts';
import { parseRegex } from '../matching/parse-regex.ts';
import { lengthBounds } from '../matching/regex-bounds.ts';

/** What a phrase tries to do to a model. */
export const PHRASE_KINDS = [
  'override',
  'reset',
  'persona',
  'compliance',
  'pretext',
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

/** A literal that a phrase begins with. */
export interface PhraseStart {
  readonly text: string;
  /** Whether it ends a word. */
  readonly whole: boolean;
  /** What the next word begins with, two letters at most: as far as it is known. */
  readonly next: string;
}

/** A phrase as a bounded regular expression with the literals that it begins with. */
export interface Phrase {
  readonly kind: PhraseKind;
  readonly language: string;
  readonly source: string;
  readonly triggers: readonly string[];
  /** The same with what is known of the text behind them. */
  readonly starts: readonly PhraseStart[];
  readonly anchors: readonly Anchor[];
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
/** Code units that a space, and the rest of a word, may have. */
const LONGEST_SPACE = 3;
const LONGEST_ENDING = 12;
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
  let reach = 0;
  const anchors: Anchor[] = [];
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'number') {
      gap = part;
      continue;
    }
    const options = part.split(' | ');
    const before = index === 0 ? '' : separator(gap, words);
    const body = `${before}${alternatives(options, words)}`;
    source += options.includes('?') ? `(?:${body})?` : body;
    if (index > 0) {
      reach += longestGap(gap, words);
      const anchor = anchorOf(options, reach);
      if (anchor !== undefined) anchors.push(anchor);
    }
    reach += Math.max(...options.filter((text) => text !== '?').map(longest));
    gap = undefined;
  }
  const starts = first
    .split(' | ')
    .flatMap(startsOf)
    .map((start) => (words ? start : { text: start.text.slice(0, 3), whole: false, next: '' }));
  return {
    kind,
    language,
    source,
    triggers: starts.map(({ text }) => text),
    starts,
    anchors,
    score,
    words,
  };
}

/** Code units of {@link separator} at most. */
function longestGap(gap: number | undefined, words: boolean): number {
  return words ? (gap ?? 0) * 26 + 6 : (gap ?? 2);
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
  return normalisedEntry(text).replaceAll(' ', `[\\s_-]{1,${LONGEST_SPACE}}`).replaceAll('*', `[${LETTERS}]{0,${LONGEST_ENDING}}`);
}

/** What must be there for a part to be there; undefined for a part that may be left out or begins with what stands everywhere. */
function anchorOf(options: readonly string[], reach: number): Anchor | undefined {
  if (options.includes('?')) return undefined;
  const starts = new Set(options.flatMap(startsOf).map(({ text }) => text));
  if (![...starts].every(isTelling)) return undefined;
  return { literals: [...starts].filter((text) => ![...starts].some((other) => other !== text && text.startsWith(other))), reach };
}

/** Code units that an alternative matches at most. */
function longest(text: string): number {
  if (!/[[({\\.+]/.test(text))
    return text.length + LONGEST_SPACE * (text.split(' ').length - 1) + LONGEST_ENDING * (text.split('*').length - 1);
  const source = alternativeSource(text);
  return lengthBounds(parseRegex(source), source).max;
}

/** The literal beginnings of an alternative, cut before what is optional or open. */
function startsOf(text: string): PhraseStart[] {
  const plain = normalisedEntry(text);
  const group = /^\(\?:([^()]+)\)/.exec(plain);
  if (group !== null)
    return group[1]!.split('|').flatMap((option) => startsOf(option).map((start) => ({ ...start, whole: false, next: '' })));
  const literal = /^[^ *?()[\]|\\.]+/.exec(plain)?.[0] ?? '';
  const after = plain[literal.length];
  const start = { text: after === '?' ? literal.slice(0, -1) : literal, whole: after === undefined || after === ' ' };
  return nextLetters(plain.slice(literal.length)).map((next) => ({ ...start, next }));
}

/** What the word behind a literal may begin with, two letters at most: of each of its forms the letters that are never left out. */
function nextLetters(rest: string): string[] {
  if (!rest.startsWith(' ')) return [''];
  const group = /^ \(\?:([^()]+)\)(?!\?)/.exec(rest);
  const forms = group === null ? [rest.slice(1)] : group[1]!.split('|');
  return forms.map((form) => /^(?:[a-z](?!\?)){0,2}/.exec(form)![0]);
}

/** Whether a code unit is a letter of a script that separates words, so that no word begins behind it and none ends before it. */
export function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit < 0x2000);
}

import type { PhraseKind } from '../phrase.ts';
import { COMBINATIONS } from './combinations.ts';
import { LETTERS } from './letters.ts';
import { type Lexicon, WORD_CLASSES, type WordClass } from './lexicon.ts';
import { slotOf } from './lexicon-words.ts';

/** A combination of word classes found in a text. */
export interface CombinationHit {
  readonly kind: PhraseKind;
  readonly language: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Code units that a combination may spread over. Why: far apart, words of one sentence have little to do with each other. */
const REACH = { spaced: 110, unspaced: 60 } as const;
/** Longest word or expression, with the rest of a word that `*` stands for. */
const LONGEST = 48;

const NUMBER = new Map(WORD_CLASSES.map((name, number) => [name, number]));
/** Classes of words that stand in texts of any kind. */
const COMMON: ReadonlySet<WordClass> = new Set(['your', 'all', 'earlier', 'text', 'user', 'model', 'rules', 'without', 'told']);
/** The combinations of each class. Why rare ones first: as soon as one is missing, the others are not asked for. */
const BY_CLASS = WORD_CLASSES.map((name) =>
  COMBINATIONS.filter(({ classes }) => classes.includes(name)).map(({ classes, ...rest }) => ({
    ...rest,
    classes: classes
      .toSorted((a, b) => Number(a === name) - Number(b === name) || Number(COMMON.has(a)) - Number(COMMON.has(b)))
      .map((other) => NUMBER.get(other)!),
  })),
);
/** Whether a class means something alone, by its number. */
const ALONE = BY_CLASS.map((combinations) => combinations.some(({ classes }) => classes.length === 1));
/** The furthest that any combination reaches. */
const FURTHEST = Math.max(REACH.spaced, ...COMBINATIONS.map(({ reach }) => reach ?? 0));

/**
 * Tells the combinations of several languages that share a script from their words, which it is told in the order of a text. Holds scratch
 * tables: one for a thread.
 */
export class CombinationFinder {
  readonly #lexicons: readonly Lexicon[];
  readonly #everywhere: boolean;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** For each language where the last of its words begins, and the last before it that begins elsewhere. */
  readonly #latest: Int32Array;
  readonly #previous: Int32Array;
  /** Where the sentence of the last word begins, and up to where that is known. */
  #sentence = 0;
  #read = 0;

  constructor(lexicons: readonly Lexicon[]) {
    this.#lexicons = lexicons;
    this.#everywhere = lexicons.some(({ spaced }) => !spaced);
    this.#starts = new Int32Array(lexicons.length * WORD_CLASSES.length);
    this.#ends = new Int32Array(lexicons.length * WORD_CLASSES.length);
    this.#latest = new Int32Array(lexicons.length);
    this.#previous = new Int32Array(lexicons.length);
  }

  /** Whether words begin and end anywhere, because one of the languages does not separate them. */
  get everywhere(): boolean {
    return this.#everywhere;
  }

  /** Begins a text. */
  begin(): void {
    this.#starts.fill(-1_000_000);
    this.#ends.fill(-1_000_000);
    this.#latest.fill(-1_000_000);
    this.#previous.fill(-1_000_000);
    this.#sentence = 0;
    this.#read = 0;
  }

  /** Where the sentence of a place begins. Why only near it: no combination reaches further back. */
  #sentenceOf(text: string, place: number): number {
    for (let at = Math.max(this.#read, place - REACH.spaced); at < place; at++) {
      const unit = text.charCodeAt(at);
      if (LETTERS[unit] === 0 && unit !== 0x20 && endsSentence(text, at, unit)) this.#sentence = at + 1;
    }
    this.#read = place;
    return this.#sentence;
  }

  /**
   * Takes note of a word, and tells what it means with those before it. `stop` is the end of what was listed, behind which the word may go on.
   * `add` returns false when enough was found, and so does this.
   */
  note(text: string, slots: readonly number[], start: number, stop: number, add: (hit: CombinationHit) => boolean): boolean {
    let end = stop;
    while (end < text.length && end - start < LONGEST && !this.#everywhere && LETTERS[text.charCodeAt(end)] === 1) end++;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index]!;
      this.#starts[slot] = start;
      this.#ends[slot] = end;
    }
    for (const slot of slots) {
      const language = Math.floor(slot / WORD_CLASSES.length);
      // Why: of most languages, a text has a word now and then by chance, and no second one near it.
      if (this.#isLonely(language, start, end - FURTHEST) && !ALONE[slot % WORD_CLASSES.length]!) continue;
      const { spaced, language: name } = this.#lexicons[language]!;
      const from = end - (spaced ? REACH.spaced : REACH.unspaced);
      const combinations = BY_CLASS[slot % WORD_CLASSES.length]!;
      for (let index = 0; index < combinations.length; index++) {
        const { kind, score, classes, reach, across } = combinations[index]!;
        const near = reach === undefined ? from : end - (across === true && !spaced ? Math.ceil(reach / 2) : reach);
        const first = this.#together(language, classes, across === true ? near : Math.max(from, near));
        if (first < 0 || (across !== true && first < this.#sentenceOf(text, start))) continue;
        if (!add({ kind, language: name, start: first, end, score })) return false;
      }
    }
    return true;
  }

  /** Whether no other word of the language begins behind `from`. */
  #isLonely(language: number, start: number, from: number): boolean {
    if (this.#latest[language] !== start) {
      this.#previous[language] = this.#latest[language]!;
      this.#latest[language] = start;
    }
    return this.#previous[language]! < from;
  }

  /** Where the first of these classes stands if all of them stand behind `from`, each in a word of its own; else -1. */
  #together(language: number, classes: readonly number[], from: number): number {
    let first = Number.POSITIVE_INFINITY;
    // Why first by itself: nearly always one of them is not there.
    for (let index = 0; index < classes.length; index++) if (this.#starts[slotOf(language, classes[index]!)]! < from) return -1;
    for (let index = 0; index < classes.length; index++) {
      const slot = slotOf(language, classes[index]!);
      const start = this.#starts[slot]!;
      for (let other = 0; other < index; other++) {
        const before = slotOf(language, classes[other]!);
        if (start < this.#ends[before]! && this.#ends[slot]! > this.#starts[before]!) return -1;
      }
      first = Math.min(first, start);
    }
    return first;
  }
}

/**
 * A full stop ends a sentence before white space; so does whatever no sentence goes over: quotation marks, brackets of markup and data,
 * an empty line, and a line break before anything but a small letter.
 */
function endsSentence(text: string, at: number, unit: number): boolean {
  if (unit === 0x2e || unit === 0x21 || unit === 0x3f || unit === 0x3b) return at + 1 === text.length || text.charCodeAt(at + 1) <= 0x20;
  if (unit === 0x0a) {
    const next = text.charCodeAt(at + 1);
    return !(next >= 0x61 && next <= 0x7a) && !(next >= 0xc0 && next < 0x2000);
  }
  return STOPS.has(unit);
}

const STOPS: ReadonlySet<number> = new Set(Array.from('"“”„«»「」『』{}|<>\t。！？।۔؟；', (sign) => sign.charCodeAt(0)));

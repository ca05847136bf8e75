import type { PhraseKind } from '../phrase.ts';
import { COMBINATIONS } from './combinations.ts';
import { type Lexicon, WORD_CLASSES, type WordClass } from './lexicon.ts';
import { buildTrie, slotOf, type WordTrie } from './word-trie.ts';

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

/** Code units of a word's beginning: what the automaton of a script looks for, before the table of words is asked. */
const BEGINNING = { spaced: 6, unspaced: 2 } as const;

/**
 * Looks for the combinations of several languages that share a script, at the places where one of their words may begin. Holds scratch
 * tables: one for a thread.
 */
export class CombinationFinder {
  readonly #lexicons: readonly Lexicon[];
  readonly #trie: WordTrie;
  readonly #everywhere: boolean;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** For each language where the last of its words begins, and the last before it that begins elsewhere. */
  readonly #latest: Int32Array;
  readonly #previous: Int32Array;
  /** The last place that was looked at; where its sentence begins, and up to where that is known. */
  #last = -1;
  #sentence = 0;
  #read = 0;

  constructor(lexicons: readonly Lexicon[]) {
    this.#lexicons = lexicons;
    this.#trie = buildTrie(lexicons);
    this.#everywhere = lexicons.some(({ spaced }) => !spaced);
    this.#starts = new Int32Array(lexicons.length * WORD_CLASSES.length);
    this.#ends = new Int32Array(lexicons.length * WORD_CLASSES.length);
    this.#latest = new Int32Array(lexicons.length);
    this.#previous = new Int32Array(lexicons.length);
  }

  /** What its words begin with. */
  get beginnings(): readonly string[] {
    const length = this.#everywhere ? BEGINNING.unspaced : BEGINNING.spaced;
    const letters = Array.from(this.#trie.words, (word) => word.slice(0, length)).filter((word) => LETTERS[word.charCodeAt(0)] === 1);
    return [...new Set(letters)];
  }

  /** Begins a text. */
  begin(): void {
    this.#starts.fill(-1_000_000);
    this.#ends.fill(-1_000_000);
    this.#latest.fill(-1_000_000);
    this.#previous.fill(-1_000_000);
    this.#last = -1;
    this.#sentence = 0;
    this.#read = 0;
  }

  /** Looks at a place of a normalised text; places come in order. `add` returns false when enough was found, and so does this. */
  look(text: string, at: number, add: (hit: CombinationHit) => boolean): boolean {
    if (at === this.#last) return true;
    this.#last = at;
    if (LETTERS[text.charCodeAt(at)] === 0 || (!this.#everywhere && at > 0 && LETTERS[text.charCodeAt(at - 1)] === 1)) return true;
    const { classOf, symbols, next, open, whole, ends } = this.#trie;
    const limit = Math.min(text.length, at + LONGEST);
    let state = 0;
    for (let end = at; end < limit; end++) {
      state = next[state * symbols + classOf[text.charCodeAt(end)]!]!;
      if (state === 0) break;
      if (ends[state] === 0) continue;
      const prefixes = open[state];
      if (prefixes !== undefined && !this.#note(text, prefixes, at, end + 1, add)) return false;
      const words = whole[state];
      if (words === undefined || (end + 1 < text.length && LETTERS[text.charCodeAt(end + 1)] === 1)) continue;
      if (!this.#note(text, words, at, end + 1, add)) return false;
    }
    return true;
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

  #note(text: string, slots: readonly number[], start: number, stop: number, add: (hit: CombinationHit) => boolean): boolean {
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

/** 1 for letters, by code unit: asked for every one of every text. */
const LETTERS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, unit) => (isLetter(unit) ? 1 : 0));

function isLetter(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit < 0x2000 && !isStop(unit)) || unit >= 0x3041
  );
}

function isStop(unit: number): boolean {
  return unit === 0x964 || unit === 0x6d4 || unit === 0x61f || unit === 0x60c || unit === 0x61b;
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

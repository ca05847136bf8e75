import { ARABIC_AND_INDIC, HAN_AND_KANA, HANGUL, SOUTH_EAST_ASIAN } from './languages/asian.ts';
import { ENGLISH_DIRECT } from './languages/english-direct.ts';
import { ENGLISH_INDIRECT } from './languages/english-indirect.ts';
import { GERMAN_FRENCH_SPANISH } from './languages/german-french-spanish.ts';
import { ITALIAN_PORTUGUESE_DUTCH } from './languages/italian-portuguese-dutch.ts';
import { SLAVIC_AND_TURKIC } from './languages/slavic-and-turkic.ts';
import { isMention } from './mention.ts';
import {
  ARABIC_WORDS,
  BENGALI_WORDS,
  CHINESE_WORDS,
  CYRILLIC_WORDS,
  GREEK_WORDS,
  HEBREW_WORDS,
  HINDI_WORDS,
  JAPANESE_WORDS,
  KOREAN_WORDS,
  LATIN_WORDS,
  type ScriptLexicons,
  THAI_WORDS,
} from './lexicon/scripts.ts';
import type { Phrase, PhraseKind } from './phrase.ts';
import { PhraseSet } from './phrase-set.ts';

/** A phrase found in a text, by offsets of that text. */
export interface PhraseHit {
  readonly kind: PhraseKind;
  readonly language: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  /** Words that stand together, not a phrase: a weaker sign in data. */
  readonly loose?: true;
}

/** Code units of a hit at most, before those that overlap are merged. */
export const LONGEST_HIT = 600;
/** Why: a text of nothing but attacks needs no longer list to be judged. */
const MAX_HITS = 64;
/** What is left of the score of a phrase that is only talked about: visible, below every default threshold. */
const MENTIONED = 0.3;

const SPACED: readonly Phrase[] = [
  ...ENGLISH_DIRECT,
  ...ENGLISH_INDIRECT,
  ...GERMAN_FRENCH_SPANISH,
  ...ITALIAN_PORTUGUESE_DUTCH,
  ...SLAVIC_AND_TURKIC,
  ...SOUTH_EAST_ASIAN,
];

/** Phrases and words that one automaton looks for in texts of a script. */
export interface Script {
  readonly present: RegExp;
  readonly phrases: readonly Phrase[];
  readonly words: readonly ScriptLexicons[];
  set?: PhraseSet;
}

const ARABIC_OR_INDIC = /[\u0600-\u06ff\u0900-\u097f]/;

/** Sets by script, and by whether the language separates words; for tests what is in them: most texts have no letter of most of them. */
export const SCRIPTS: readonly Script[] = [
  { present: /[A-Za-z\u0400-\u04ff]/, phrases: SPACED, words: [LATIN_WORDS, CYRILLIC_WORDS] },
  { present: /[\u3040-\u30ff\u3400-\u9fff]/, phrases: HAN_AND_KANA, words: [CHINESE_WORDS, JAPANESE_WORDS] },
  { present: /[\uac00-\ud7a3]/, phrases: HANGUL, words: [KOREAN_WORDS] },
  { present: ARABIC_OR_INDIC, phrases: ARABIC_AND_INDIC.filter(({ words }) => words), words: [ARABIC_WORDS, HINDI_WORDS] },
  { present: ARABIC_OR_INDIC, phrases: ARABIC_AND_INDIC.filter(({ words }) => !words), words: [] },
  ...[BENGALI_WORDS, GREEK_WORDS, HEBREW_WORDS, THAI_WORDS].map((words) => ({ present: words.present, phrases: [], words: [words] })),
];

const LATIN_ONLY = SCRIPTS.slice(0, 1);
/** Letters of all scripts but the Latin one. Why asked first: most texts have none, and each script would be looked for in all of them. */
const OTHER_SCRIPTS = /[\u0370-\uffff]/;

/** Phrases, and words that stand together, in a normalised text, in order; of overlapping ones of a kind the surest. Linear in its length. */
export function findPhrases(text: string): PhraseHit[] {
  const hits: GrowingHit[] = [];
  const isMixed = OTHER_SCRIPTS.test(text);
  for (const script of isMixed ? SCRIPTS : LATIN_ONLY) {
    if (!script.present.test(text)) continue;
    script.set ??= new PhraseSet(script.phrases, script.words);
    const words = script.words.filter(({ present }) => present.test(text));
    const phrases = new Merger(text, hits, false);
    const together = words.map(() => new Merger(text, hits, true));
    script.set.find(
      text,
      ({ kind, language, score }, start, end) => phrases.add({ kind, language, start, end, score }),
      words,
      (one, hit) => together[words.indexOf(one)]!.add(hit),
    );
  }
  return hits.length === 0 ? [] : surest(hits).sort((a, b) => a.start - b.start || b.end - a.end);
}

/** A hit that others may still become part of. */
type GrowingHit = { -readonly [Key in keyof PhraseHit]: PhraseHit[Key] };

/** Adds hits of one origin to a list; those that overlap become one, as sure as the surest. */
class Merger {
  readonly #text: string;
  readonly #hits: GrowingHit[];
  readonly #loose: boolean;
  readonly #last = new Map<PhraseKind, GrowingHit>();

  constructor(text: string, hits: GrowingHit[], loose: boolean) {
    this.#text = text;
    this.#hits = hits;
    this.#loose = loose;
  }

  /** Returns false when there are enough. */
  add(hit: PhraseHit): boolean {
    const { kind, start, end } = hit;
    const previous = this.#last.get(kind);
    if (previous === undefined || start >= previous.end) {
      const { language } = hit;
      const score = this.#scoreOf(hit);
      const own: GrowingHit = this.#loose ? { kind, language, start, end, score, loose: true } : { kind, language, start, end, score };
      this.#last.set(kind, own);
      return this.#hits.push(own) < MAX_HITS;
    }
    // How a hit is meant is asked only where it could make the merged one surer.
    const score = hit.score <= previous.score ? previous.score : this.#scoreOf(hit);
    if (score > previous.score) {
      previous.score = score;
      previous.language = hit.language;
    }
    if (end > previous.end) previous.end = end;
    return true;
  }

  #scoreOf(hit: PhraseHit): number {
    return isMention(this.#text, hit) ? MENTIONED : hit.score;
  }
}

/** Of overlapping hits of a kind the surest: a phrase and words that stand together may be the same words. */
function surest(hits: readonly PhraseHit[]): PhraseHit[] {
  const kept: PhraseHit[] = [];
  for (const hit of hits.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some(({ kind, start, end }) => kind === hit.kind && start < hit.end && hit.start < end)) kept.push(hit);
  }
  return kept;
}

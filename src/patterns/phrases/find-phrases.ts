import { ARABIC_AND_INDIC, HAN_AND_KANA, HANGUL, SOUTH_EAST_ASIAN } from './languages/asian.ts';
import { ENGLISH_DIRECT } from './languages/english-direct.ts';
import { ENGLISH_INDIRECT } from './languages/english-indirect.ts';
import { GERMAN_FRENCH_SPANISH } from './languages/german-french-spanish.ts';
import { ITALIAN_PORTUGUESE_DUTCH } from './languages/italian-portuguese-dutch.ts';
import { SLAVIC_AND_TURKIC } from './languages/slavic-and-turkic.ts';
import { isMention } from './mention.ts';
import { findCombinations } from './lexicon/scripts.ts';
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

/** Sets by script, and by whether the language separates words; for tests their phrases: most texts have no letter of most of them. */
export const SCRIPTS: readonly { readonly present: RegExp; readonly phrases: readonly Phrase[]; set?: PhraseSet }[] = [
  { present: /[A-Za-z\u0400-\u04ff]/, phrases: SPACED },
  { present: /[\u3040-\u30ff\u3400-\u9fff]/, phrases: HAN_AND_KANA },
  { present: /[\uac00-\ud7a3]/, phrases: HANGUL },
  { present: /[\u0600-\u06ff\u0900-\u097f]/, phrases: ARABIC_AND_INDIC.filter(({ words }) => words) },
  { present: /[\u0600-\u06ff\u0900-\u097f]/, phrases: ARABIC_AND_INDIC.filter(({ words }) => !words) },
];

/** Phrases in a normalised text, in order; of overlapping ones of a kind the surest. Linear in the length of the text. */
export function findPhrases(text: string): PhraseHit[] {
  const hits: PhraseHit[] = [];
  const last = new Map<PhraseKind, number>();
  function add(hit: PhraseHit): boolean {
    const before = last.get(hit.kind);
    const previous = before === undefined ? undefined : hits[before]!;
    const score = isMention(text, hit) ? MENTIONED : hit.score;
    if (previous !== undefined && hit.start < previous.end) {
      const better = score > previous.score ? hit : previous;
      hits[before!] = { ...better, score: Math.max(score, previous.score), start: previous.start, end: Math.max(hit.end, previous.end) };
      return true;
    }
    last.set(hit.kind, hits.length);
    hits.push({ ...hit, score });
    return hits.length < MAX_HITS;
  }
  for (const script of SCRIPTS) {
    if (!script.present.test(text)) continue;
    script.set ??= new PhraseSet(script.phrases);
    last.clear();
    script.set.find(text, ({ kind, language, score }, start, end) => add({ kind, language, start, end, score }));
  }
  findCombinations(
    text,
    () => last.clear(),
    (hit) => add({ ...hit, loose: true }),
  );
  return surest(hits).sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Of overlapping hits of a kind the surest: a phrase and words that stand together may be the same words. */
function surest(hits: readonly PhraseHit[]): PhraseHit[] {
  const kept: PhraseHit[] = [];
  for (const hit of hits.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some(({ kind, start, end }) => kind === hit.kind && start < hit.end && hit.start < end)) kept.push(hit);
  }
  return kept;
}

import { logTriggers, type TriggerLog } from '../matching/find.ts';
import { buildAutomaton, foldTrigger, type TriggerAutomaton } from '../matching/trigger-automaton.ts';
import { ARABIC_AND_INDIC, HAN_AND_KANA, HANGUL, SOUTH_EAST_ASIAN } from './languages/asian.ts';
import { ENGLISH_DIRECT } from './languages/english-direct.ts';
import { ENGLISH_INDIRECT } from './languages/english-indirect.ts';
import { GERMAN_FRENCH_SPANISH } from './languages/german-french-spanish.ts';
import { ITALIAN_PORTUGUESE_DUTCH } from './languages/italian-portuguese-dutch.ts';
import { SLAVIC_AND_TURKIC } from './languages/slavic-and-turkic.ts';
import { isMention } from './mention.ts';
import type { Phrase, PhraseKind } from './phrase.ts';

/** A phrase found in a text, by offsets of that text. */
export interface PhraseHit {
  readonly kind: PhraseKind;
  readonly language: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Why: a text of nothing but attacks needs no longer list to be judged. */
const MAX_HITS = 64;
/** What is left of the score of a phrase that is only talked about: visible, below every default threshold. */
const MENTIONED = 0.3;
const BLOCK = 65_536;

/**
 * Phrases that are found together. Why not `compilePatterns`: it writes case folding out into the expressions, which takes half a second
 * for all phrases; their bounds are checked by a test instead.
 */
class PhraseSet {
  readonly #phrases: readonly Phrase[];
  readonly #set: { readonly automaton: TriggerAutomaton };
  readonly #owners: readonly (readonly number[])[];
  readonly #regexes: (RegExp | undefined)[] = [];

  constructor(phrases: readonly Phrase[]) {
    this.#phrases = phrases;
    const owners = new Map<string, number[]>();
    for (const [index, { triggers }] of phrases.entries()) {
      for (const trigger of new Set(triggers.map((text) => foldTrigger(text)))) {
        const known = owners.get(trigger);
        if (known === undefined) owners.set(trigger, [index]);
        else known.push(index);
      }
    }
    this.#owners = [...owners.values()];
    this.#set = { automaton: buildAutomaton(Array.from(owners.keys(), (text) => ({ text, startsMatch: true, atBoundary: false }))) };
  }

  find(text: string, add: (hit: PhraseHit) => boolean): void {
    let state = 0;
    for (let from = 0; from < text.length; from += BLOCK) {
      const log: TriggerLog = [];
      state = logTriggers(this.#set, text, from, Math.min(text.length, from + BLOCK), state, log);
      for (let at = 0; at < log.length; at += 2) {
        const start = log[at + 1]! - this.#set.automaton.lengths[log[at]!]!;
        if (!this.#startAt(text, start, this.#owners[log[at]!]!, add)) return;
      }
    }
  }

  #startAt(text: string, start: number, owners: readonly number[], add: (hit: PhraseHit) => boolean): boolean {
    const inWord = start > 0 && isLetter(text.charCodeAt(start - 1));
    for (const owner of owners) {
      const { kind, language, score, source, words } = this.#phrases[owner]!;
      if (inWord && words) continue;
      const regex = (this.#regexes[owner] ??= new RegExp(source, 'iy'));
      regex.lastIndex = start;
      if (!regex.test(text)) continue;
      if (!add({ kind, language, start, end: regex.lastIndex, score })) return false;
    }
    return true;
  }
}

function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit < 0x2000);
}

/** Sets by script, for tests their phrases: most texts have no letter of most of them. */
export const SCRIPTS: readonly { readonly present: RegExp; readonly phrases: readonly Phrase[]; set?: PhraseSet }[] = [
  {
    present: /[A-Za-z\u0400-\u04ff]/,
    phrases: [
      ...ENGLISH_DIRECT,
      ...ENGLISH_INDIRECT,
      ...GERMAN_FRENCH_SPANISH,
      ...ITALIAN_PORTUGUESE_DUTCH,
      ...SLAVIC_AND_TURKIC,
      ...SOUTH_EAST_ASIAN,
    ],
  },
  { present: /[\u3040-\u30ff\u3400-\u9fff]/, phrases: HAN_AND_KANA },
  { present: /[\uac00-\ud7a3]/, phrases: HANGUL },
  { present: /[\u0600-\u06ff\u0900-\u097f]/, phrases: ARABIC_AND_INDIC },
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
      hits[before!] = { ...previous, score: Math.max(score, previous.score), end: Math.max(hit.end, previous.end) };
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
    script.set.find(text, add);
  }
  return hits.sort((a, b) => a.start - b.start || b.end - a.end);
}

import { buildAutomaton, foldTrigger, type TriggerAutomaton, triggersOf } from '../matching/trigger-automaton.ts';
import type { CombinationHit } from './lexicon/find-combinations.ts';
import { finderOf, type ScriptLexicons } from './lexicon/scripts.ts';
import { isLetter, type Phrase } from './phrase.ts';

/** Code units read at a time. Why: bounds what is remembered of a text that is nothing but triggers. */
const BLOCK = 65_536;
const NOWHERE = 0x7fffffff;
/** Every letter of {@link letterBit}. */
const ANY = -1;

/** What must follow a phrase's beginning: a group of words, and within how many code units. */
interface Need {
  readonly group: number;
  readonly reach: number;
}

/** What was read of a text: literals of phrases, each with its start, and places where words of the lexicons may begin. */
interface Log {
  readonly literals: number[];
  readonly places: number[];
}

/**
 * Phrases and word classes that are found together. One automaton finds the words that phrases begin with, the words that they need further
 * on, and what words of the lexicons begin with; read backwards, its log says where both of a phrase stand near enough to each other, and
 * only there the regular expression of the phrase is tried.
 */
export class PhraseSet {
  readonly #phrases: readonly Phrase[];
  readonly #automaton: TriggerAutomaton;
  /** Phrases by trigger; anchors have the numbers after the triggers. */
  readonly #owners: readonly (readonly number[])[];
  /** For each of them the letters that the next word may begin with, one bit each. */
  readonly #letters: readonly (readonly number[])[];
  readonly #needs: readonly (readonly Need[])[];
  /** Groups that each anchor belongs to. */
  readonly #groups: readonly (readonly number[])[];
  /** 1 where every use of the trigger ends a word. */
  readonly #endsWord: Uint8Array;
  readonly #next: Int32Array;
  readonly #reach: number;
  readonly #regexes: (RegExp | undefined)[] = [];
  /** Numbers from here on are beginnings of words of the lexicons. */
  readonly #firstWord: number;

  /** Phrases that either all begin at the beginning of a word or all anywhere, and words that do as they do. */
  constructor(phrases: readonly Phrase[], words: readonly ScriptLexicons[] = []) {
    const owners = new Map<string, number[]>();
    const groupNumbers = new Map<string, number>();
    const anchors = new Map<string, Set<number>>();
    const openEnded = new Set<string>();
    const needs: Need[][] = [];
    const letters = new Map<string, number[]>();
    for (const [index, { starts, anchors: needed }] of phrases.entries()) {
      for (const trigger of new Set(starts.map(({ text }) => foldTrigger(text)))) {
        const same = starts.filter(({ text }) => foldTrigger(text) === trigger);
        append(owners, trigger, index);
        append(
          letters,
          trigger,
          same.reduce((bits, { nextLetter }) => bits | (nextLetter === undefined ? ANY : letterBit(nextLetter.charCodeAt(0))), 0),
        );
        if (!same.every(({ whole }) => whole)) openEnded.add(trigger);
      }
      needs.push(
        needed.map(({ literals, reach }) => {
          const key = literals.join('|');
          const group = groupNumbers.get(key) ?? groupNumbers.size;
          groupNumbers.set(key, group);
          for (const literal of literals) {
            const folded = foldTrigger(literal);
            anchors.set(folded, (anchors.get(folded) ?? new Set()).add(group));
          }
          return { group, reach };
        }),
      );
    }
    const beginnings = new Set(words.flatMap((script) => finderOf(script).beginnings));
    const texts = [...owners.keys(), ...anchors.keys(), ...beginnings];
    this.#firstWord = owners.size + anchors.size;
    this.#phrases = phrases;
    this.#owners = [...owners.values()];
    this.#letters = [...letters.values()];
    this.#needs = needs;
    this.#groups = Array.from(anchors.values(), (groups) => [...groups]);
    this.#endsWord = Uint8Array.from(owners.keys(), (text) => (openEnded.has(text) ? 0 : 1));
    this.#next = new Int32Array(groupNumbers.size);
    this.#reach = Math.max(0, ...needs.flat().map(({ reach }) => reach)) + 64;
    this.#automaton = buildAutomaton(
      texts.map((text) => ({ text, startsMatch: true, atBoundary: false })),
      phrases[0]?.words === true ? (unit) => isLetter(unit) && !isStop(unit) : undefined,
    );
  }

  /**
   * Tells the phrases of a text in the order of their triggers, and what stands together of these word classes, until one of both returns
   * false.
   */
  find(
    text: string,
    found: (phrase: Phrase, start: number, end: number) => boolean,
    words: readonly ScriptLexicons[] = [],
    together: (words: ScriptLexicons, hit: CombinationHit) => boolean = () => true,
  ): void {
    for (const script of words) finderOf(script).begin();
    let state = 0;
    for (let from = 0; from < text.length; from += BLOCK) {
      const to = Math.min(text.length, from + BLOCK);
      const log: Log = { literals: [], places: [] };
      state = this.#read(text, from, to, state, log);
      const own = log.literals.length;
      // Words that what begins in this block needs may stand in the next one.
      this.#read(text, to, Math.min(text.length, to + this.#reach), state, { literals: log.literals, places: [] });
      const candidates = this.#candidates(text, log.literals, own);
      for (let at = candidates.length - 2; at >= 0; at -= 2) {
        const phrase = this.#phrases[candidates[at]!]!;
        const start = candidates[at + 1]!;
        const regex = (this.#regexes[candidates[at]!] ??= new RegExp(phrase.source, 'iy'));
        regex.lastIndex = start;
        if (regex.test(text) && !found(phrase, start, regex.lastIndex)) return;
      }
      for (const script of words) {
        const finder = finderOf(script);
        const add = (hit: CombinationHit): boolean => together(script, hit);
        for (let index = 0; index < log.places.length; index++) if (!finder.look(text, log.places[index]!, add)) return;
      }
    }
  }

  /** Appends what begins in `text[from, to)` to the log. Returns the state to go on from. */
  #read(text: string, from: number, to: number, state: number, { literals, places }: Log): number {
    const { classOf, classes, next, firstOutput, lengths } = this.#automaton;
    const endsWord = this.#endsWord;
    const firstWord = this.#firstWord;
    let current = state;
    for (let at = from; at < to; at++) {
      current = next[current * classes + classOf[text.charCodeAt(at)]!]!;
      if (current < firstOutput) continue;
      const found = triggersOf(this.#automaton, current);
      for (let index = 0; index < found.length; index++) {
        const literal = found[index]!;
        const start = at + 1 - lengths[literal]!;
        if (literal >= firstWord) addPlace(places, start);
        else if (literal >= endsWord.length || endsWord[literal] === 0 || at + 1 === text.length || !isLetter(text.charCodeAt(at + 1)))
          literals.push(literal, start);
      }
    }
    return current;
  }

  /** Phrases that may begin at the triggers of the log, the last first: phrase and start. */
  #candidates(text: string, log: readonly number[], own: number): number[] {
    const owners = this.#owners;
    const next = this.#next.fill(NOWHERE);
    const candidates: number[] = [];
    for (let at = log.length - 2; at >= 0; at -= 2) {
      const literal = log[at]!;
      const start = log[at + 1]!;
      if (literal >= owners.length) {
        for (const group of this.#groups[literal - owners.length]!) next[group] = start;
        continue;
      }
      if (at >= own) continue;
      const phrases = owners[literal]!;
      const letters = this.#letters[literal]!;
      const follows = letterAfter(text, start + this.#automaton.lengths[literal]!);
      for (let index = phrases.length - 1; index >= 0; index--) {
        const phrase = phrases[index]!;
        if ((letters[index]! & follows) !== 0 && meets(this.#needs[phrase]!, next, start)) candidates.push(phrase, start);
      }
    }
    return candidates;
  }
}

/** Keeps the places in order. They arrive by the ends of what was read there, which differ by a few code units. */
function addPlace(places: number[], place: number): void {
  let at = places.length;
  while (at > 0 && places[at - 1]! > place) at--;
  if (at > 0 && places[at - 1] === place) return;
  if (at === places.length) places.push(place);
  else places.splice(at, 0, place);
}

/** Full stops and commas among the letters of Arabic and Hindi: words begin behind them. */
function isStop(unit: number): boolean {
  return unit === 0x964 || unit === 0x6d4 || unit === 0x61f || unit === 0x60c || unit === 0x61b;
}

function meets(needs: readonly Need[], next: Int32Array, start: number): boolean {
  for (let index = 0; index < needs.length; index++) {
    const { group, reach } = needs[index]!;
    if (next[group]! - start > reach) return false;
  }
  return true;
}

/** The first letter of the word behind `end`; every bit where none of a to z follows within three code units. */
function letterAfter(text: string, end: number): number {
  for (let at = end; at < end + 4 && at < text.length; at++) {
    const bit = letterBit(text.charCodeAt(at));
    if (bit !== ANY) return at === end ? ANY : bit;
  }
  return ANY;
}

/** One bit for each letter from a to z, in either case; all for anything else. */
function letterBit(unit: number): number {
  const letter = (unit | 0x20) - 0x61;
  return letter >= 0 && letter < 26 ? 1 << letter : ANY;
}

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

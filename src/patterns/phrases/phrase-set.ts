import { foldTrigger } from '../matching/trigger-automaton.ts';
import { IntList } from './int-list.ts';
import type { CombinationHit } from './lexicon/find-combinations.ts';
import { isStop, LETTERS } from './lexicon/letters.ts';
import { lexiconWords } from './lexicon/lexicon-words.ts';
import { finderOf, type ScriptLexicons } from './lexicon/scripts.ts';
import { isLetter, type Phrase } from './phrase.ts';
import { baseOf, buildWordTree, hasWords, labelOf, type WordTree } from './word-tree.ts';

/** Code units read at a time. Why: bounds what is remembered of a text that is nothing but triggers. */
const BLOCK = 65_536;
const NOWHERE = 0x7fffffff;
/** Every letter of {@link letterBit}. */
const ANY = -1;

/** Code units at the beginning of an expression that are not cut between lines. */
const UNCUT = { spaced: 6, unspaced: 2 } as const;

const GOES_ON = 1;
const OF_LEXICON = 2;

const ALL_LETTERS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, unit) => (isLetter(unit) && !isStop(unit) ? 1 : 0));
const NO_LETTERS: Uint8Array = new Uint8Array(65_536);

/** A word of the lexicons of a script. */
interface ScriptWord {
  readonly script: ScriptLexicons;
  readonly slots: readonly number[];
  readonly goesOn: boolean;
  /** Whether it may stand within a word. */
  readonly everywhere: boolean;
}

/**
 * Phrases and word classes that are found together. One tree has the words that phrases begin with, the words that they need further on, and
 * the words of the lexicons; read backwards, the log of what was found says where both of a phrase stand near enough to each other, and only
 * there the regular expression of the phrase is tried. Holds scratch lists: one for a thread.
 */
export class PhraseSet {
  readonly #phrases: readonly Phrase[];
  readonly #tree: WordTree;
  readonly #space: number;
  /** Of what ends at a node, by its index: whether some of it may go on, and whether some of it is of the lexicons. */
  readonly #kinds: Uint8Array;
  /** 1 for letters behind which no word begins. */
  readonly #inWord: Uint8Array;
  /**
   * Phrases by trigger, each with the letters that may stand first and second in the next word, one bit each; anchors have the numbers after
   * the triggers.
   */
  readonly #owners: readonly Int32Array[];
  /** For each phrase the groups of words that must follow, each with within how many code units. */
  readonly #needs: readonly Int32Array[];
  /** Groups that each anchor belongs to. */
  readonly #groups: readonly (readonly number[])[];
  readonly #lengths: Uint16Array;
  /** 1 where every use of the trigger ends a word. */
  readonly #endsWord: Uint8Array;
  readonly #next: Int32Array;
  readonly #reach: number;
  readonly #regexes: (RegExp | undefined)[] = [];
  /** Words of the lexicons: they have the numbers after the anchors. */
  readonly #words: readonly ScriptWord[];
  readonly #uncut: number;
  /** Literals of phrases with their starts, in the order of their ends. */
  readonly #literals = new IntList();
  /** Words of the lexicons: number, start, end, and the code unit before which its block ends. */
  readonly #places = new IntList();

  /** Phrases that either all begin at the beginning of a word or all anywhere, and words that do as they do. */
  constructor(phrases: readonly Phrase[], scripts: readonly ScriptLexicons[] = []) {
    const owners = new Map<string, number[]>();
    const groupNumbers = new Map<string, number>();
    const anchors = new Map<string, Set<number>>();
    const openEnded = new Set<string>();
    for (const [index, { starts }] of phrases.entries()) {
      for (const trigger of new Set(starts.map(({ text }) => foldTrigger(text)))) {
        const same = starts.filter(({ text }) => foldTrigger(text) === trigger);
        const letters = [0, 1].map((at) => same.reduce((bits, { next }) => bits | letterBit(next.charCodeAt(at)), 0));
        const own = owners.get(trigger);
        if (own === undefined) owners.set(trigger, [index, ...letters]);
        else own.push(index, ...letters);
        if (!same.every(({ whole }) => whole)) openEnded.add(trigger);
      }
    }
    this.#needs = phrases.map(({ anchors: needed }) =>
      Int32Array.from(
        needed.flatMap(({ literals, reach }) => {
          const key = literals.join('|');
          const group = groupNumbers.get(key) ?? groupNumbers.size;
          groupNumbers.set(key, group);
          for (const literal of literals) {
            const folded = foldTrigger(literal);
            anchors.set(folded, (anchors.get(folded) ?? new Set()).add(group));
          }
          return [group, reach];
        }),
      ),
    );
    // Why only from letters on: a place that is none is no place of a word.
    const words = scripts.flatMap((script) =>
      lexiconWords(script.lexicons)
        .filter(({ text }) => LETTERS[text.charCodeAt(0)] === 1)
        .map((word) => ({ script, everywhere: finderOf(script).everywhere, ...word })),
    );
    const literals = [...owners.keys(), ...anchors.keys()];
    this.#phrases = phrases;
    this.#words = words;
    this.#owners = Array.from(owners.values(), (own) => Int32Array.from(own));
    this.#groups = Array.from(anchors.values(), (groups) => [...groups]);
    this.#lengths = Uint16Array.from(literals, (text) => text.length);
    this.#endsWord = Uint8Array.from(owners.keys(), (text) => (openEnded.has(text) ? 0 : 1));
    this.#next = new Int32Array(groupNumbers.size);
    this.#reach = Math.max(0, ...phrases.flatMap(({ anchors: needed }) => needed.map(({ reach }) => reach))) + 64;
    this.#tree = buildWordTree([...literals, ...words.map(({ text }) => text)]);
    this.#space = this.#tree.classOf[0x20]!;
    const goesOn = (number: number): boolean => words[number - literals.length]?.goesOn ?? this.#endsWord[number] !== 1;
    this.#kinds = Uint8Array.from(
      this.#tree.found,
      (numbers) => (numbers.some(goesOn) ? GOES_ON : 0) | (numbers.some((number) => number >= literals.length) ? OF_LEXICON : 0),
    );
    this.#inWord = phrases[0]?.words === true ? ALL_LETTERS : NO_LETTERS;
    this.#uncut = words.some(({ everywhere }) => everywhere) ? UNCUT.unspaced : UNCUT.spaced;
  }

  /**
   * Tells the phrases of a text in the order of their triggers, and what stands together of these word classes, until one of both returns
   * false.
   */
  find(
    text: string,
    found: (phrase: Phrase, start: number, end: number) => boolean,
    scripts: readonly ScriptLexicons[] = [],
    together: (script: ScriptLexicons, hit: CombinationHit) => boolean = () => true,
  ): void {
    for (const script of scripts) finderOf(script).begin();
    this.#literals.length = 0;
    this.#places.length = 0;
    for (let from = 0, read = 0; from < text.length; from += BLOCK) {
      const to = Math.min(text.length, from + BLOCK);
      // Words that what begins in this block needs may stand in the next one.
      const ahead = Math.min(text.length, to + this.#reach);
      this.#read(text, read, ahead);
      read = ahead;
      if (!this.#tellPhrases(text, to, found)) return;
      for (const script of scripts) if (!this.#tellTogether(text, to, script, (hit) => together(script, hit))) return;
      this.#forget(to);
    }
  }

  #tellPhrases(text: string, to: number, found: (phrase: Phrase, start: number, end: number) => boolean): boolean {
    const candidates = this.#candidates(text, to);
    for (let at = candidates.length - 2; at >= 0; at -= 2) {
      const phrase = this.#phrases[candidates[at]!]!;
      const start = candidates[at + 1]!;
      const regex = (this.#regexes[candidates[at]!] ??= new RegExp(phrase.source, 'iy'));
      regex.lastIndex = start;
      if (regex.test(text) && !found(phrase, start, regex.lastIndex)) return false;
    }
    return true;
  }

  #tellTogether(text: string, to: number, script: ScriptLexicons, add: (hit: CombinationHit) => boolean): boolean {
    const { items, length } = this.#places;
    const finder = finderOf(script);
    for (let at = 0; at < length; at += 4) {
      const word = this.#words[items[at]!]!;
      if (word.script !== script || items[at + 3]! > to) continue;
      if (!finder.note(text, word.slots, items[at + 1]!, items[at + 2]!, add)) return false;
    }
    return true;
  }

  /** Keeps of the log only what lies behind the block. */
  #forget(to: number): void {
    this.#literals.drop(this.#ownLiterals(to));
    const { items, length } = this.#places;
    let kept = 0;
    for (let at = 0; at < length; at += 4) {
      if (items[at + 3]! <= to) continue;
      items.copyWithin(kept, at, at + 4);
      kept += 4;
    }
    this.#places.length = kept;
  }

  /** Length of the log of literals up to those that end behind `to`. */
  #ownLiterals(to: number): number {
    const { items, length } = this.#literals;
    let own = length;
    while (own > 0 && items[own - 1]! + this.#lengths[items[own - 2]!]! > to) own -= 2;
    return own;
  }

  /** Logs what begins in `text[from, to)`. */
  #read(text: string, from: number, to: number): void {
    const { classOf, nodes, root } = this.#tree;
    const inWord = this.#inWord;
    const first = baseOf(root);
    let at = from;
    if (at > 0 && inWord[text.charCodeAt(at - 1)] === 1) while (at < to && inWord[text.charCodeAt(at)] === 1) at++;
    while (at < to) {
      const unit = text.charCodeAt(at);
      const symbol = classOf[unit]!;
      const node = nodes[first + symbol]!;
      if (labelOf(node) === symbol) this.#follow(text, at, node);
      at++;
      if (inWord[unit] === 1) while (at < to && inWord[text.charCodeAt(at)] === 1) at++;
    }
  }

  /** Logs the words that begin at `start`, from the node of the first letter on. */
  #follow(text: string, start: number, first: number): void {
    const { classOf, nodes, end, found } = this.#tree;
    let node = first;
    let due = 0;
    for (let at = start + 1; ; at++) {
      const unit = at === text.length ? 0 : text.charCodeAt(at);
      if (hasWords(node)) {
        const index = baseOf(nodes[baseOf(node) + end]!);
        const kinds = this.#kinds[index]!;
        if (due === 0 && (kinds & OF_LEXICON) !== 0) due = Math.min(at, start + this.#uncut);
        if ((kinds & GOES_ON) !== 0 || !isPlainLetter(unit)) this.#log(text, start, at, found[index]!, due);
      }
      if (at === text.length) return;
      const symbol = classOf[unit]!;
      let next = nodes[baseOf(node) + symbol]!;
      if (labelOf(next) !== symbol) {
        // An expression may be cut between lines, behind its beginning or a word.
        if ((unit !== 0x0a && unit !== 0x09) || (due === 0 && at - start < this.#uncut)) return;
        next = nodes[baseOf(node) + this.#space]!;
        if (labelOf(next) !== this.#space) return;
      }
      node = next;
    }
  }

  /** Logs what is `text[start, end)`; `block` is the code unit before which the block of its words ends. */
  #log(text: string, start: number, end: number, found: readonly number[], block: number): void {
    const endsWord = this.#endsWord;
    const firstWord = this.#lengths.length;
    for (let index = 0; index < found.length; index++) {
      const number = found[index]!;
      if (number < firstWord) {
        if (number >= endsWord.length || endsWord[number] === 0 || end === text.length || !isLetter(text.charCodeAt(end)))
          this.#logLiteral(number, start, end);
        continue;
      }
      const { goesOn, everywhere } = this.#words[number - firstWord]!;
      if (!everywhere && start > 0 && LETTERS[text.charCodeAt(start - 1)] === 1) continue;
      if (!goesOn && end < text.length && LETTERS[text.charCodeAt(end)] === 1) continue;
      this.#places.push(number - firstWord);
      this.#places.push(start);
      this.#places.push(end);
      this.#places.push(block);
    }
  }

  /** Why by their ends: a literal may stand within another one, as words do that an apostrophe parts. */
  #logLiteral(literal: number, start: number, end: number): void {
    const log = this.#literals;
    log.push(literal);
    log.push(start);
    const { items } = log;
    for (let at = log.length - 4; at >= 0 && items[at + 1]! + this.#lengths[items[at]!]! > end; at -= 2) {
      items.copyWithin(at + 2, at, at + 2);
      items[at] = literal;
      items[at + 1] = start;
    }
  }

  /** Phrases that may begin at the triggers of the log up to `to`, the last first: phrase and start. */
  #candidates(text: string, to: number): number[] {
    const owners = this.#owners;
    const next = this.#next.fill(NOWHERE);
    const candidates: number[] = [];
    const { items, length } = this.#literals;
    const own = this.#ownLiterals(to);
    for (let at = length - 2; at >= 0; at -= 2) {
      const literal = items[at]!;
      const start = items[at + 1]!;
      if (literal >= owners.length) {
        const groups = this.#groups[literal - owners.length]!;
        for (let index = 0; index < groups.length; index++) next[groups[index]!] = start;
        continue;
      }
      if (at >= own) continue;
      const phrases = owners[literal]!;
      const word = wordAfter(text, start + this.#lengths[literal]!);
      const first = word < 0 ? ANY : letterBit(text.charCodeAt(word));
      const second = word < 0 || word + 1 === text.length ? ANY : letterBit(text.charCodeAt(word + 1));
      for (let index = phrases.length - 3; index >= 0; index -= 3) {
        if ((phrases[index + 1]! & first) === 0 || (phrases[index + 2]! & second) === 0) continue;
        const phrase = phrases[index]!;
        if (meets(this.#needs[phrase]!, next, start)) candidates.push(phrase, start);
      }
    }
    return candidates;
  }
}

/** Whether a word surely goes on with a code unit. */
function isPlainLetter(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

/** Whether words of all groups that are needed follow near enough. */
function meets(needs: Int32Array, next: Int32Array, start: number): boolean {
  for (let index = 0; index < needs.length; index += 2) if (next[needs[index]!]! - start > needs[index + 1]!) return false;
  return true;
}

/** Where the next word begins, if a word ends at `end` and a to z follow within three code units; else -1. */
function wordAfter(text: string, end: number): number {
  for (let at = end; at < end + 4 && at < text.length; at++) {
    if (letterBit(text.charCodeAt(at)) !== ANY) return at === end ? -1 : at;
  }
  return -1;
}

/** One bit for each letter from a to z, in either case; all for anything else, and for what is not there. */
function letterBit(unit: number): number {
  const letter = (unit | 0x20) - 0x61;
  return letter >= 0 && letter < 26 ? 1 << letter : ANY;
}

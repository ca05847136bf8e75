import { CordonError } from '../../../core/errors.ts';
import { normalisedEntry } from '../normalised-entry.ts';
import { foldTrigger } from '../../matching/trigger-automaton.ts';
import { type Lexicon, WORD_CLASSES } from './lexicon.ts';

/** Words of several languages as a table: one look-up for each letter of a word. */
export interface WordTrie {
  readonly classOf: Uint16Array;
  readonly symbols: number;
  /** `next[state * symbols + symbol]`, 0 where no word goes on. */
  readonly next: Uint16Array;
  /** For each state the slots (language and class) of the words that end there, by whether the word may go on. */
  readonly open: readonly (readonly number[] | undefined)[];
  readonly whole: readonly (readonly number[] | undefined)[];
  /** 1 for states in which a word ends. */
  readonly ends: Uint8Array;
  /** Its words as normalised text has them. */
  readonly words: ReadonlySet<string>;
}

/** Numbers of states fit two bytes. */
const MAX_STATES = 65_536;

/** The slot of a class in a language. */
export function slotOf(language: number, wordClass: number): number {
  return language * WORD_CLASSES.length + wordClass;
}

interface Entry {
  readonly word: string;
  readonly slot: number;
  readonly goesOn: boolean;
}

/** Builds the table of these languages. */
export function buildTrie(lexicons: readonly Lexicon[]): WordTrie {
  const entries = lexicons.flatMap((lexicon, language) => entriesOf(lexicon, language));
  const classOf = new Uint16Array(65_536);
  const symbols = assignSymbols(entries, classOf);
  const open: (number[] | undefined)[] = [];
  const whole: (number[] | undefined)[] = [];
  // Why the sum of the lengths: no entry adds more states than it has letters.
  const next = new Uint16Array((1 + entries.reduce((sum, { word }) => sum + word.length, 0)) * symbols);
  let states = 1;
  for (const { word, slot, goesOn } of entries) {
    let state = 0;
    for (let at = 0; at < word.length; at++) {
      const cell = state * symbols + classOf[word.charCodeAt(at)]!;
      if (next[cell] === 0) next[cell] = states++;
      state = next[cell]!;
    }
    const ends = goesOn ? open : whole;
    (ends[state] ??= []).push(slot);
  }
  if (states > MAX_STATES)
    throw new CordonError('internal.bug', 'The words of one script are too many for one table: split its languages.');
  // A word may be cut between lines.
  for (const blank of [0x09, 0x0a]) classOf[blank] = classOf[0x20]!;
  return {
    classOf,
    symbols,
    next: next.slice(0, states * symbols),
    open,
    whole,
    ends: Uint8Array.from({ length: states }, (_, state) => (open[state] === undefined && whole[state] === undefined ? 0 : 1)),
    words: new Set(entries.map(({ word }) => word)),
  };
}

/** Why a list at a time: seven thousand calls for a word each are seen at start. */
function entriesOf({ words, spaced }: Lexicon, language: number): Entry[] {
  return WORD_CLASSES.flatMap((name, number) => {
    const folded = foldTrigger(normalisedEntry(words[name] ?? '')).split(',');
    return folded.flatMap((listed) => {
      const entry = listed.trim();
      const word = entry.endsWith('*') ? entry.slice(0, -1) : entry;
      return word === '' ? [] : [{ word, slot: slotOf(language, number), goesOn: entry.endsWith('*') || !spaced }];
    });
  });
}

function assignSymbols(entries: readonly Entry[], classOf: Uint16Array): number {
  let symbols = 1;
  for (const { word } of entries) {
    for (let at = 0; at < word.length; at++) {
      const code = word.charCodeAt(at);
      if (classOf[code] !== 0) continue;
      classOf[code] = symbols;
      const upper = word[at]!.toUpperCase();
      if (upper.length === 1) classOf[upper.charCodeAt(0)] = symbols;
      symbols++;
    }
  }
  return symbols;
}

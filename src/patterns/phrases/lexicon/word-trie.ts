import { normalise } from '../../normalise/normalise.ts';
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
}

/** The slot of a class in a language. */
export function slotOf(language: number, wordClass: number): number {
  return language * WORD_CLASSES.length + wordClass;
}

/** Builds the table of these languages. */
export function buildTrie(lexicons: readonly Lexicon[]): WordTrie {
  const classOf = new Uint16Array(65_536);
  let symbols = 1;
  const children: Map<number, number>[] = [new Map()];
  const open: (number[] | undefined)[] = [];
  const whole: (number[] | undefined)[] = [];
  function symbolOf(unit: string): number {
    const code = unit.charCodeAt(0);
    if (classOf[code] === 0) {
      classOf[code] = symbols;
      const upper = unit.toUpperCase();
      if (upper.length === 1) classOf[upper.charCodeAt(0)] = symbols;
      symbols++;
    }
    return classOf[code]!;
  }
  for (const [language, { words, spaced }] of lexicons.entries()) {
    for (const [number, name] of WORD_CLASSES.entries()) {
      for (const entry of (words[name] ?? '').split(',')) {
        const word = foldTrigger(normalise(entry.trim()).text);
        if (word === '') continue;
        const goesOn = word.endsWith('*') || !spaced;
        let state = 0;
        for (const unit of word.endsWith('*') ? word.slice(0, -1) : word) {
          const symbol = symbolOf(unit);
          let child = children[state]!.get(symbol);
          if (child === undefined) {
            child = children.push(new Map()) - 1;
            children[state]!.set(symbol, child);
          }
          state = child;
        }
        const ends = goesOn ? open : whole;
        (ends[state] ??= []).push(slotOf(language, number));
      }
    }
  }
  const next = new Uint16Array(children.length * symbols);
  for (const [state, own] of children.entries()) for (const [symbol, child] of own) next[state * symbols + symbol] = child;
  const ends = Uint8Array.from(children, (_, state) => (open[state] === undefined && whole[state] === undefined ? 0 : 1));
  // A word may be cut between lines.
  for (const blank of [0x09, 0x0a]) classOf[blank] = classOf[0x20]!;
  return { classOf, symbols, next, open, whole, ends };
}

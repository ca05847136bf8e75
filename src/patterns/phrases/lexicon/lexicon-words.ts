import { foldTrigger } from '../../matching/trigger-automaton.ts';
import { normalisedEntry } from '../normalised-entry.ts';
import { type Lexicon, WORD_CLASSES } from './lexicon.ts';

/** A word or expression of some languages, folded as triggers are. */
export interface LexiconWord {
  readonly text: string;
  /** Whether the word may go on behind it. */
  readonly goesOn: boolean;
  /** Which class it has in which language: see {@link slotOf}. */
  readonly slots: readonly number[];
}

/** The slot of a class in a language. */
export function slotOf(language: number, wordClass: number): number {
  return language * WORD_CLASSES.length + wordClass;
}

/** The words of languages that share a script, first those that may go on. */
export function lexiconWords(lexicons: readonly Lexicon[]): readonly LexiconWord[] {
  const [open, whole] = [new Map<string, number[]>(), new Map<string, number[]>()];
  for (const [language, { words, spaced }] of lexicons.entries()) {
    for (const [number, name] of WORD_CLASSES.entries()) {
      // Why a list at a time: seven thousand calls for a word each are seen at start.
      for (const listed of foldTrigger(normalisedEntry(words[name] ?? '')).split(',')) {
        const entry = listed.trim();
        const text = entry.endsWith('*') ? entry.slice(0, -1) : entry;
        if (text === '') continue;
        const group = entry.endsWith('*') || !spaced ? open : whole;
        const slots = group.get(text);
        if (slots === undefined) group.set(text, [slotOf(language, number)]);
        else slots.push(slotOf(language, number));
      }
    }
  }
  return [open, whole].flatMap((group) => Array.from(group, ([text, slots]) => ({ text, goesOn: group === open, slots })));
}

import { dictionary } from './dictionary.ts';
import { FUNCTION_WORDS } from './function-words.ts';

/** How much a text is made of known words. */
export interface WordShare {
  readonly words: number;
  /** Known words of two letters and more. */
  readonly hits: number;
  /** Different English words of three letters and more. */
  readonly strong: number;
  /** Share of all letters that stand in known words of two letters and more. */
  readonly letterShare: number;
}

const WORD = /[\p{L}\p{M}]+/gu;

/** Looks the words of a text up. */
export function wordShare(text: string): WordShare {
  const { rank } = dictionary();
  const small = smallWords();
  let words = 0;
  let hits = 0;
  const strong = new Set<string>();
  let letters = 0;
  let known = 0;
  for (const [match] of text.matchAll(WORD)) {
    const word = match.toLowerCase();
    words++;
    letters += word.length;
    if (word.length < 2) continue;
    const english = rank.has(word);
    if (!english && !small.has(word)) continue;
    hits++;
    known += word.length;
    if (english && word.length > 2) strong.add(word);
  }
  return { words, hits, strong: strong.size, letterShare: letters === 0 ? 0 : known / letters };
}

let small: ReadonlySet<string> | undefined;

function smallWords(): ReadonlySet<string> {
  small ??= new Set(Object.values(FUNCTION_WORDS).flatMap((list) => list.split(' ')));
  return small;
}

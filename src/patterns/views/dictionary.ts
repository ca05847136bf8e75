import { ENGLISH_WORDS } from './english-words.ts';
import { FUNCTION_WORDS } from './function-words.ts';
import { INJECTION_WORDS } from './injection-words.ts';
import { bagHash, HashSet, scatter, wordHash } from './word-set.ts';

/** What the decoders know of words. */
export interface Dictionary {
  /** English and the small words of other languages, by ordered hash: 1 for English, 2 for the spelling alphabet, 0 for others. */
  readonly known: HashSet;
  /** English words of four letters and more by {@link bagHash}: an index into `words`. */
  readonly bags: HashSet;
  /** English, most telling first. */
  readonly words: readonly string[];
  /** Rank of an English word, lower is more common. */
  readonly rank: ReadonlyMap<string, number>;
  readonly injection: ReadonlySet<string>;
}

/** Value of the words of the radio spelling alphabet that are rare otherwise. */
export const SPELLING_WORD = 2;
const SPELLING_WORDS =
  'alfa bravo foxtrot juliet juliett lima oscar papa quebec romeo sierra tango whiskey whisky yankee zulu november charlie';

let loaded: Dictionary | undefined;

/** The dictionary, built when first asked for. */
export function dictionary(): Dictionary {
  loaded ??= build();
  return loaded;
}

/** Whether it is an English word of the dictionary; lower case. */
export function isEnglish(word: string): boolean {
  return dictionary().rank.has(word);
}

function build(): Dictionary {
  const injection = INJECTION_WORDS.trim().split(/\s+/);
  const english = ENGLISH_WORDS.trim().split(/\s+/);
  const rank = new Map<string, number>();
  for (const word of ['a', 'i', ...english, ...injection]) if (!rank.has(word)) rank.set(word, rank.size);
  const words = [...new Set([...injection, ...english])];
  const known = new HashSet(words.length + 1_000);
  for (const word of SPELLING_WORDS.split(' ')) known.add(wordHash(word), SPELLING_WORD);
  for (const word of words) if (word.length > 1) known.add(wordHash(word), 1);
  for (const list of Object.values(FUNCTION_WORDS)) {
    for (const word of list.split(' ')) if (word.length > 1) known.add(wordHash(word), 0);
  }
  const bags = new HashSet(words.length);
  words.forEach((word, index) => {
    if (word.length >= 4) bags.add(bagOf(word), index);
  });
  return { known, bags, words, rank, injection: new Set(injection) };
}

/** {@link bagHash} of a word in lower case. */
export function bagOf(word: string): number {
  let sum = 0;
  for (let at = 0; at < word.length; at++) sum = (sum + scatter(word.charCodeAt(at))) | 0;
  return bagHash(sum, word.charCodeAt(0), word.charCodeAt(word.length - 1), word.length);
}

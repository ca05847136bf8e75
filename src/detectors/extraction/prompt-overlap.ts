import type { Span } from '../../core/text.ts';

const WORD = /[\p{L}\p{N}]+/gu;
/** Why: a system prompt of a megabyte is no prompt; the rest is not looked for. */
const MAX_WORDS = 50_000;

/** Finds rows of words that also stand in a secret text, whatever the punctuation and case. */
export class PromptOverlap {
  readonly #rows = new Set<string>();
  readonly #length: number;

  constructor(secret: string, length: number) {
    const words = wordsOf(secret, MAX_WORDS).map(({ word }) => word);
    this.#length = Math.min(length, Math.max(5, words.length));
    for (let at = 0; at + this.#length <= words.length; at++) this.#rows.add(words.slice(at, at + this.#length).join(' '));
  }

  /** Stretches of the text made of such rows, joined where they overlap. */
  find(text: string): Span[] {
    if (this.#rows.size === 0) return [];
    const spans: { start: number; end: number }[] = [];
    const recent: { word: string; start: number; end: number }[] = [];
    for (const match of text.matchAll(WORD)) {
      recent.push({ word: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length });
      if (recent.length > this.#length) recent.shift();
      if (recent.length < this.#length || !this.#rows.has(recent.map(({ word }) => word).join(' '))) continue;
      const { start } = recent[0]!;
      const { end } = recent.at(-1)!;
      const last = spans.at(-1);
      if (last !== undefined && start <= last.end) last.end = end;
      else if (spans.length < 100) spans.push({ start, end });
    }
    return spans;
  }
}

function wordsOf(text: string, most: number): { readonly word: string }[] {
  const words: { word: string }[] = [];
  for (const match of text.matchAll(WORD)) {
    if (words.length >= most) break;
    words.push({ word: match[0].toLowerCase() });
  }
  return words;
}

import type { Span } from '../../core/text.ts';

const MIN_LENGTH = 600;
const MIN_TIMES = 40;
const MAX_WORDS = 200_000;
const MAX_PERIOD = 8;

/** The longest stretch in which one to eight words repeat at least forty times, or one character 2,000 times. Linear. */
export function repetition(text: string): Span | undefined {
  if (text.length < MIN_LENGTH) return undefined;
  return repeatedCharacter(text) ?? repeatedWords(text);
}

/** Signs that rows are drawn with. */
const DRAWN = new Set([' ', '\n', '\t', '-', '=', '_', '*', '#', '.', '~', '0']);

function repeatedCharacter(text: string): Span | undefined {
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) === text.charCodeAt(start)) continue;
    if (at - start >= 2_000 && !DRAWN.has(text[start]!)) return { start, end: at };
    start = at;
  }
  return undefined;
}

function repeatedWords(text: string): Span | undefined {
  const words: { readonly word: string; readonly start: number; readonly end: number }[] = [];
  for (const match of text.matchAll(/\p{L}[\p{L}\p{N}']{0,40}/gu)) {
    if (words.length >= MAX_WORDS) break;
    words.push({ word: match[0], start: match.index, end: match.index + match[0].length });
  }
  for (let period = 1; period <= MAX_PERIOD; period++) {
    let run = 0;
    for (let at = period; at < words.length; at++) {
      run = words[at]!.word === words[at - period]!.word ? run + 1 : 0;
      if (run < period * MIN_TIMES) continue;
      const start = words[at - run]!.start;
      if (words[at]!.end - start >= MIN_LENGTH) return { start, end: words[at]!.end };
    }
  }
  return undefined;
}

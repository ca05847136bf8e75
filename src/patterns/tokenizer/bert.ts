import type { Normalizer, PreTokenizer } from './tokenizer.ts';

/** What BERT does to a text before it looks at words. */
export interface BertOptions {
  readonly clean: boolean;
  readonly ideographs: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const NOT_TEXT = /[\0\ufffd]|(?![\t\n\r])\p{C}/gu;
const SPACES = /[\p{White_Space}]/gu;
const MARKS = /\p{Mn}/gu;
// The last range but one begins where the reference implementation begins it.
const IDEOGRAPHS =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const WORDS = /[!-/:-@[-`{-~]|\p{P}|[^\p{White_Space}\p{P}!-/:-@[-`{-~]+/gu;

/** The normalizer of BERT. */
export function bertNormalizer({ clean, ideographs, stripAccents, lowercase }: BertOptions): Normalizer {
  return (text) => {
    let result = text;
    if (clean) result = result.replace(NOT_TEXT, '').replace(SPACES, ' ');
    if (ideographs) result = result.replace(IDEOGRAPHS, ' $& ');
    if (stripAccents) result = withoutAccents(result.normalize('NFD'));
    return lowercase ? lowerCase(result) : result;
  };
}

/** Words and single punctuation marks. */
export const bertPreTokenizer: PreTokenizer = (text) => text.match(WORDS) ?? [];

/** Drops combining marks. */
export function withoutAccents(text: string): string {
  return text.replace(MARKS, '');
}

/** Lower case of each letter for itself. Why: a capital sigma becomes the same letter at the end of a word and within. */
export function lowerCase(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').toLowerCase();
}

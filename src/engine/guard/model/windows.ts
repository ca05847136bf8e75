import type { Span } from '../../../core/text.ts';
import type { Tokenizer } from '../../../patterns/tokenizer/tokenizer.ts';

/** Token ids of a stretch of text. */
export interface TokenWindow {
  readonly ids: readonly number[];
  /** In the text that was cut. */
  readonly span: Span;
}

/** Text is encoded in pieces that end at a space, if there is one. Why: long runs without spaces must not be encoded in one go. */
const SOFT_PIECE = 120;
const HARD_PIECE = 400;

/** Cuts a text into windows of at most `size` tokens, special tokens included, each with `overlap` tokens of the one before. */
export function tokenWindows(text: string, tokenizer: Tokenizer, size: number, overlap: number): readonly TokenWindow[] {
  const inside = Math.max(1, size - tokenizer.begin.length - tokenizer.end.length);
  const step = Math.max(1, inside - overlap);
  const ids: number[] = [];
  // The piece that each token comes from.
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end } of pieces(text)) {
    for (const id of tokenizer.encode(text.slice(start, end))) {
      ids.push(id);
      starts.push(start);
      ends.push(end);
    }
  }
  const out: TokenWindow[] = [];
  for (let from = 0; from < ids.length; from += step) {
    const to = Math.min(ids.length, from + inside);
    out.push({ ids: [...tokenizer.begin, ...ids.slice(from, to), ...tokenizer.end], span: { start: starts[from]!, end: ends[to - 1]! } });
    if (to === ids.length) break;
  }
  return out;
}

function* pieces(text: string): Generator<Span> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + SOFT_PIECE);
    const hard = Math.min(text.length, start + HARD_PIECE);
    // The space begins the next piece: tokenizers write it before a word.
    while (end < hard && !isSpace(text.charCodeAt(end))) end++;
    if (end < text.length && isLowSurrogate(text.charCodeAt(end))) end++;
    yield { start, end };
    start = end;
  }
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

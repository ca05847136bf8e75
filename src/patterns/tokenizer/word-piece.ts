import { malformed } from '../../core/errors.ts';
import type { TokenModel } from './tokenizer.ts';

/** What WordPiece needs besides its vocabulary. */
export interface WordPieceOptions {
  readonly unknown: string;
  /** What pieces inside a word begin with. */
  readonly prefix: string;
  /** Words of more code points are unknown. */
  readonly longest: number;
}

/** The options of BERT. */
export const BERT_WORD_PIECE: WordPieceOptions = { unknown: '[UNK]', prefix: '##', longest: 100 };

/** Longest match first, from the left; a word with a part that matches nothing is one unknown token. */
export function wordPiece(vocabulary: ReadonlyMap<string, number>, options: WordPieceOptions): TokenModel {
  const { prefix, longest } = options;
  const unknown = vocabulary.get(options.unknown);
  if (unknown === undefined) throw malformed('the vocabulary has no token for what is unknown');
  // Why: bounds the work on a word by the longest entry, not by the word.
  let longestEntry = 1;
  for (const word of vocabulary.keys()) longestEntry = Math.max(longestEntry, word.length);
  return (piece, out) => {
    if (piece.length > longest && codePoints(piece) > longest) {
      out.push(unknown);
      return;
    }
    const ids: number[] = [];
    for (let start = 0; start < piece.length;) {
      let end = Math.min(piece.length, start + longestEntry);
      let id: number | undefined;
      for (; end > start; end--) {
        const part = piece.slice(start, end);
        id = vocabulary.get(start === 0 ? part : prefix + part);
        if (id !== undefined) break;
      }
      if (id === undefined) {
        out.push(unknown);
        return;
      }
      ids.push(id);
      start = end;
    }
    out.push(...ids);
  };
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

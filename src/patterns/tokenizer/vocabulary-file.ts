import { malformed } from '../../core/errors.ts';
import { bertNormalizer, bertPreTokenizer } from './bert.ts';
import { type Parts, tokenizerOf } from './pipeline.ts';
import type { Tokenizer } from './tokenizer.ts';
import { BERT_WORD_PIECE, wordPiece } from './word-piece.ts';

/** Most entries of a vocabulary. Why: the largest in use have 256,000, and a file may say anything. */
export const MOST_ENTRIES = 1_000_000;

/** The WordPiece tokenizer of a `vocab.txt`: one entry a line, the line number is the id. */
export function readVocabularyFile(text: string, lowercase = true): Tokenizer {
  const vocabulary = new Map<string, number>();
  const lines = text.split('\n');
  if (lines.length > MOST_ENTRIES) throw malformed('the vocabulary is too large');
  for (const [id, line] of lines.entries()) {
    const word = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (word !== '' || id < lines.length - 1) vocabulary.set(word, id);
  }
  const special = (name: string): number => {
    const id = vocabulary.get(name);
    if (id === undefined) throw malformed(`the vocabulary has no ${name}`);
    return id;
  };
  const parts: Parts = {
    normalize: bertNormalizer({ clean: true, ideographs: true, stripAccents: lowercase, lowercase }),
    split: bertPreTokenizer,
    model: wordPiece(vocabulary, BERT_WORD_PIECE),
    begin: [special('[CLS]')],
    end: [special('[SEP]')],
    added: [],
  };
  return tokenizerOf(parts);
}

import type { Normalizer, PreTokenizer, Tokenizer, TokenModel } from './tokenizer.ts';

/** A token that is found in the text before anything else, for example a run of spaces. */
export interface AddedToken {
  readonly content: string;
  readonly id: number;
  /** Whether it is looked for after normalisation. */
  readonly normalized: boolean;
}

/** The steps of a tokenizer. */
export interface Parts {
  readonly normalize: Normalizer;
  readonly split: PreTokenizer;
  readonly model: TokenModel;
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly added: readonly AddedToken[];
}

type Part = string | number;

/** Puts the steps together: added tokens, normalisation, splitting, the model. */
export function tokenizerOf({ normalize, split, model, begin, end, added }: Parts): Tokenizer {
  const raw = finder(added.filter(({ normalized }) => !normalized));
  const later = finder(added.filter(({ normalized }) => normalized).map((token) => ({ ...token, content: normalize(token.content) })));
  return {
    begin,
    end,
    encode(text) {
      const out: number[] = [];
      let first = true;
      for (const part of raw(text)) {
        for (const piece of typeof part === 'number' ? [part] : later(normalize(part))) {
          if (typeof piece === 'number') out.push(piece);
          else if (piece !== '') for (const word of split(piece, first)) model(word, out);
          first = false;
        }
      }
      return out;
    },
  };
}

/** Cuts a text at the tokens, the longest first where several begin. */
function finder(tokens: readonly AddedToken[]): (text: string) => readonly Part[] {
  const ids = new Map(tokens.filter(({ content }) => content !== '').map(({ content, id }) => [content, id]));
  if (ids.size === 0) return (text) => [text];
  const longestFirst = [...ids.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((content) => content.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|'), 'g');
  return (text) => {
    const parts: Part[] = [];
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > from) parts.push(text.slice(from, match.index));
      parts.push(ids.get(match[0])!);
      from = match.index + match[0].length;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
  };
}

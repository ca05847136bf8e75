import type { PreTokenizer } from './tokenizer.ts';

/** How SentencePiece marks spaces. */
export interface MetaspaceOptions {
  readonly mark: string;
  readonly prepend: 'always' | 'first' | 'never';
  readonly split: boolean;
}

/** Writes spaces as a mark and cuts before each. */
export function metaspace({ mark, prepend, split }: MetaspaceOptions): PreTokenizer {
  return (text, first) => {
    let marked = text.replaceAll(' ', mark);
    if ((prepend === 'always' || (prepend === 'first' && first)) && !marked.startsWith(mark)) marked = mark + marked;
    if (!split) return [marked];
    const out: string[] = [];
    for (let from = 0; from < marked.length;) {
      const next = marked.indexOf(mark, from + 1);
      const end = next < 0 ? marked.length : next;
      out.push(marked.slice(from, end));
      from = end;
    }
    return out;
  };
}
